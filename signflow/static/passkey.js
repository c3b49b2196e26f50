// Passkeys (Web Authentication). Comfort only: password and code do everything without. What needs this starts hidden.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt());
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

// challenges and the ids of people and passkeys are bytes; the id of the site is a name
const options = json => JSON.parse(json, function (key, value) {
  const isBytes = key === 'challenge' || (key === 'id' && ('type' in this || 'displayName' in this));
  return isBytes ? bytes(value) : value;
});

const PARTS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
const written = ({id, rawId, type, response}) => JSON.stringify({
  id, type, rawId: text(rawId),
  response: Object.fromEntries(PARTS.filter(part => response[part]).map(part => [part, text(response[part])])),
});

// the button holds what is asked for; the field before it takes the answer, the line after it says what went wrong
const prepare = button => {
  const {ask, make} = button.dataset, {form} = button;
  const field = button.previousElementSibling, said = form.querySelector('[data-passkey-failed]');
  const use = async () => {
    if (make && !form.checkValidity()) return form.submit(); // the server says what is missing, before anything is made
    said.hidden = button.disabled = true;
    try {
      const publicKey = options(ask || make);
      field.value = written(await navigator.credentials[ask ? 'get' : 'create']({publicKey}));
      form.submit();
    } catch {
      said.hidden = button.disabled = false;
      button.focus();
    }
  };
  button.onclick = use;
  if (make) form.onsubmit = event => { event.preventDefault(); use(); };
  document.querySelectorAll('[data-without-passkey]').forEach(part => { part.hidden = true; });
  button.hidden = form.hidden = false;
};

if (window.PublicKeyCredential) document.querySelectorAll('button:is([data-ask], [data-make])').forEach(prepare);
