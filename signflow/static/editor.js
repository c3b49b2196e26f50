// The editor's comfort: it is complete without this file. Everything that changes the text can be undone with Ctrl+Z.
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

// Puts words in the place of a part of the text, as if they had been typed, and selects a part of them.
const put = (text, [from, to, words, start = words.length, end = start]) => {
  text.focus();
  text.setSelectionRange(from, to);
  const typed = words ? document.execCommand('insertText', false, words) : from === to || document.execCommand('delete');
  if (!typed) {
    text.setRangeText(words, from, to, 'end');
    text.dispatchEvent(new Event('input', {bubbles: true}));
  }
  text.setSelectionRange(from + start, from + end);
};

// The whole lines that a selection touches.
const linesAt = ({value, selectionStart, selectionEnd}) => {
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const stop = value.indexOf('\n', Math.max(from, selectionEnd - (selectionEnd > selectionStart ? 1 : 0)));
  return [from, stop < 0 ? value.length : stop];
};

const SIGNS = /^(\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,9}[.)]\s+)*)(\s*)(.*?)(\s*)$/;

// Bold and italic: around the words of each line, or off again.
const marks = mark => text => {
  const {value, selectionStart: from, selectionEnd: to} = text, size = mark.length;
  const chosen = value.slice(from, to), core = chosen.trim();
  const begins = from + chosen.indexOf(core), ends = begins + core.length;
  const runs = words => [words.match(/^\**/)[0].length, words.match(/\**$/)[0].length].every(n => n === size || n === 3);
  if (core.length > 2 * size && runs(core)) return [begins, ends, core.slice(size, -size), 0, core.length - 2 * size];
  const around = value.slice(0, begins).match(/\**$/)[0] + 'x' + value.slice(ends).match(/^\**/)[0];
  if (core && runs(around)) return [begins - size, ends + size, core, 0, core.length];
  if (!core) return [to, to, mark + mark, size];
  const marked = core.split('\n').map(line =>
    line.replace(SIGNS, (all, signs, before, words, after) => words ? signs + before + mark + words + mark + after : all));
  const one = marked.length === 1 && marked[0].startsWith(mark);
  return [begins, ends, marked.join('\n'), one ? size : 0, marked.join('\n').length - (one ? size : 0)];
};

// Headings, lists, quotations: a sign at the beginning of each line, or off again.
const signs = (own, others, sign) => text => {
  const [from, to] = linesAt(text), lines = text.value.slice(from, to).split('\n');
  const written = lines.filter(line => line.trim());
  const off = written.length > 0 && written.every(line => own.test(line));
  let number = 0;
  const made = lines.map(line => {
    if (!line.trim() && lines.length > 1) return line;
    return off ? line.replace(own, '') : sign(++number) + line.replace(own, '').replace(others, '');
  }).join('\n');
  return [from, to, made, lines.length > 1 ? 0 : made.length, made.length];
};

const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+/, DOT = /^\s{0,3}[-*+]\s+/, NONE = /(?!)/;

const BEGINNING = 'https:' + '/'.repeat(2); // of an address that is still to be typed
const link = ({value, selectionStart: from, selectionEnd: to}) => {
  const words = value.slice(from, to).trim();
  if (/^(https?:\/\/|mailto:)\S+$/i.test(words)) return [from, to, `[](${words})`, 1];
  const made = `[${words}](${BEGINNING})`;
  return words ? [from, to, made, made.length - 1 - BEGINNING.length, made.length - 1] : [from, to, made, 1];
};

// The number where one is, its text at the end, where one goes on writing.
const footnote = ({value, selectionEnd: at}) => {
  const number = Math.max(0, ...[...value.matchAll(/\[\^(\d{1,6})\]/g)].map(found => +found[1])) + 1;
  const rest = value.slice(at).trimEnd(), near = /(^|\n)\[\^[^\]\n]+\]:[^\n]*$/.test(value.slice(0, at) + rest);
  const made = `[^${number}]${rest}${near ? '\n' : '\n\n'}[^${number}]: \n`;
  return [at, value.length, made, made.length - 1];
};

const TOOLS = {
  bold: marks('**'),
  italic: marks('*'),
  heading: signs(/^#{1,6}\s+/, NONE, () => '## '),
  list: signs(DOT, NUMBER, () => '- '),
  numbers: signs(NUMBER, DOT, number => `${number}. `),
  quotation: signs(/^\s{0,3}>\s?/, NONE, () => '> '),
  link,
  footnote,
};

const use = (text, name) => put(text, TOOLS[name](text));

// Enter goes on with a list or a quotation, counts, and ends it when the line has no words.
const ITEM = /^(\s*(?:>\s?)*)(?:([-*+])|(\d{1,9})([.)]))?(\s+|$)/;
const goOn = text => {
  const {value, selectionStart: at} = text;
  const from = value.lastIndexOf('\n', at - 1) + 1, line = value.slice(from, at);
  const [sign, around, dot, number, dash] = line.match(ITEM) || [''];
  if (!sign || !(dot || number || around.trim())) return false;
  const stop = value.indexOf('\n', at), tail = value.slice(at, stop < 0 ? undefined : stop);
  if (line === sign && !tail.trim()) {
    put(text, [from, at, '']);
    return true;
  }
  if (!number) {
    put(text, [at, at, '\n' + sign]);
    return true;
  }
  // the items that follow count on
  let next = +number + 1, end = stop < 0 ? value.length : stop;
  const begun = `\n${around}${next}${dash}${sign.slice((around + number + dash).length) || ' '}`;
  let words = begun + tail;
  for (const following of stop < 0 ? [] : value.slice(stop + 1).split('\n')) {
    const found = following.match(ITEM);
    if (!found || found[1] !== around || +found[3] !== next || found[4] !== dash) break;
    words += '\n' + following.replace(found[3], String(++next));
    end += 1 + following.length;
  }
  put(text, [at, end, words, begun.length]);
  return true;
};

const KEYS = {b: 'bold', i: 'italic', k: 'link', 'shift 7': 'numbers', 'shift 8': 'list', 'shift 9': 'quotation'};
const pressed = event => {
  if (event.isComposing || event.altKey) return;
  const text = event.currentTarget, {key, code, shiftKey} = event;
  if (event.ctrlKey || event.metaKey) { // by its place where the layout has other letters
    const letter = /^[a-z]$/i.test(key) ? key.toLowerCase() : code.slice(-1).toLowerCase();
    const name = KEYS[(shiftKey ? 'shift ' : '') + letter];
    if (!name) return;
    event.preventDefault();
    use(text, name);
  } else if (key === 'Enter' && !shiftKey && text.selectionStart === text.selectionEnd && goOn(text)) event.preventDefault();
};

each('.toolbar', bar => {
  const text = document.getElementById(bar.getAttribute('aria-controls')), buttons = [...bar.querySelectorAll('button')];
  const stand = at => buttons.forEach((button, place) => { button.tabIndex = place === at ? 0 : -1; });
  stand(0);
  bar.hidden = false;
  bar.onclick = ({target}) => {
    const at = buttons.indexOf(target);
    if (at < 0) return;
    stand(at);
    use(text, target.dataset.does);
  };
  bar.onkeydown = event => {
    const at = buttons.indexOf(document.activeElement), last = buttons.length - 1;
    const to = {ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at > 0 ? at - 1 : last, Home: 0, End: last}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stand(to);
    buttons[to].focus();
  };
  text.onkeydown = pressed;
});

// What the form says, without a chosen file.
const post = (form, address, options) => {
  const body = new FormData(form);
  body.delete('word');
  return fetch(address, {method: 'POST', body, redirect: 'error', ...options}); // a redirect means signed out
};

// What is pasted from a word processor or a web page keeps its structure: the server reads it. With Shift it is plain text,
// and so is the source of a program, which has nothing but lines.
each('form[data-pasted]', form => {
  const text = form.elements.body;
  let plainly = false;
  text.addEventListener('keydown', event => { plainly = event.shiftKey; });
  const read = async html => {
    const sent = new FormData();
    sent.set('csrf_token', form.elements.csrf_token.value);
    sent.set('html', html.replace(/^[^]*?<body[^>]*>/i, '').replace(/<\/body>[^]*$/i, '')); // never made a page of here
    const answer = await fetch(form.dataset.pasted, {method: 'POST', body: sent, redirect: 'error'});
    return answer.ok ? answer.text() : '';
  };
  text.addEventListener('paste', async event => {
    const html = event.clipboardData.getData('text/html'), words = event.clipboardData.getData('text/plain');
    if (!html || plainly || html.length > 4e5 || /white-space:\s*pre\s*[;"']/.test(html)) return;
    event.preventDefault();
    let made = await read(html).catch(() => '') || words.replace(/\r\n?/g, '\n');
    const {value, selectionStart: from, selectionEnd: to} = text;
    if (made.includes('\n')) { // blocks stand apart
      if (from && value[from - 1] !== '\n') made = '\n\n' + made;
      if (to < value.length && value[to] !== '\n') made += '\n\n';
    }
    put(text, [from, to, made]);
  });
});

// A live preview with what is odd and how long it is; the length is told to those who hear the page only after a rest.
each('form[data-preview]', form => {
  const shown = document.getElementById('shown'), said = document.getElementById('said');
  let timer, telling;
  const tell = () => {
    const words = document.getElementById('count')?.textContent || '';
    if (said.textContent !== words) said.textContent = words;
  };
  const show = async () => {
    try {
      const answer = await post(form, form.dataset.preview);
      if (!answer.ok && answer.status !== 422) return;
      shown.innerHTML = await answer.text(); // cleaned by the server
      telling = setTimeout(tell, 4e3);
    } catch {} // offline: the button still works
  };
  form.addEventListener('input', () => {
    clearTimeout(timer); clearTimeout(telling);
    timer = setTimeout(show, 700);
  });
});

// What is typed is kept on the server, for the person alone, until it is saved.
each('form[data-keep]', form => {
  const {keep: address, lost, unsaved, preview} = form.dataset, state = form.querySelector('output');
  let dirty = false, since = 0, timer, sending;
  const keep = async keepalive => {
    clearTimeout(timer);
    if (!dirty) return;
    sending?.abort();
    const {signal} = sending = new AbortController();
    let said = lost, kept = false;
    dirty = false; since = 0;
    try {
      const answer = await post(form, address, {headers: {Accept: 'text/plain'}, signal, keepalive});
      if (answer.headers.get('Content-Type').startsWith('text/plain')) said = await answer.text();
      kept = answer.ok;
    } catch {
      if (signal.aborted) return;
      timer = setTimeout(keep, 2e4);
    }
    state.ariaLive = kept ? 'off' : 'polite';
    state.value = said;
    if (!kept) dirty = true;
    else if (!dirty) form.dispatchEvent(new Event('kept'));
  };
  const changed = () => {
    dirty = true;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(2500, since + 15e3 - Date.now())));
  };
  if (unsaved !== undefined && preview) changed();
  form.addEventListener('input', changed);
  form.addEventListener('submit', () => { dirty = false; clearTimeout(timer); sending?.abort(); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) keep(form.elements.body.value.length < 2e4); // the browser sends no more than 64 kB from a page that goes
  });
});
