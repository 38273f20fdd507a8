// What the user is told and asked.

import { $ } from './dom.js';

/** How it fares with the proxy; empty if well. Is read out when it changes, and not each time it is said again. */
export function notice(text) {
  $('trouble').hidden = !text;
  if ($('trouble').textContent !== text) $('trouble').textContent = text;
}

/** How an action went; it stays until there is another, whatever is refreshed meanwhile. */
export function say(text, kind = 'good') {
  $('said').dataset.state = kind;
  $('said-text').textContent = text;
  $('said-close').hidden = false;
}

export function unsay() {
  delete $('said').dataset.state;
  $('said-text').textContent = '';
  $('said-close').hidden = true;
}

$('said-close').addEventListener('click', () => {
  unsay();
  $('main').focus({ preventScroll: true }); // what had it is gone
});

/** Whether the user wants this. */
export function sure(title, text, yes) {
  $('ask-title').textContent = title;
  $('ask-text').textContent = text;
  $('ask-yes').textContent = yes;
  const dialog = $('ask');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}
