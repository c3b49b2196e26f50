// Comfort only: pages are complete without it. What needs it starts hidden.
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
const post = (form, address, redirect) => fetch(address, {method: 'POST', body: new FormData(form), redirect});
const language = document.documentElement.lang;

each('.errors', box => box.focus());

// "in 5 hours" counts down; a time of the coalition's zone also shows the reader's own.
// Only in the language of the page.
if (Intl.DateTimeFormat.supportedLocalesOf(language).length) {
  const relative = new Intl.RelativeTimeFormat(language);
  const tick = () => each('time[data-until]', time => {
    const left = (new Date(time.dateTime) - new Date()) / 6e4;
    const [size, unit] = left < 90 ? [1, 'minute'] : left < 2880 ? [60, 'hour'] : [1440, 'day'];
    time.hidden = left <= 0;
    time.textContent = relative.format(Math.round(left / size), unit);
  });
  tick(); setInterval(tick, 3e4);
  const full = new Intl.DateTimeFormat(language, {dateStyle: 'full', timeStyle: 'long'});
  each('time[data-here]', time => time.title = full.format(new Date(time.dateTime)));
}

// told once, without a tap
each('form[data-once]', async form => {
  form.hidden = true;
  form.hidden = await post(form, form.action).then(answer => answer.ok, () => false);
});

if (navigator.clipboard) each('[data-copy]', button => {
  const label = [...button.childNodes];
  button.hidden = false;
  button.onclick = async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
    setTimeout(() => button.replaceChildren(...label), 2500);
  };
});

// a warning before text is lost
each('form[data-preview], form[data-unsaved]', form => {
  let dirty = form.dataset.unsaved !== undefined;
  form.oninput = () => { dirty = true; };
  form.onsubmit = () => { dirty = false; };
  form.addEventListener('kept', form.onsubmit); // by the script of the editor
  addEventListener('beforeunload', event => dirty && event.preventDefault());
});
