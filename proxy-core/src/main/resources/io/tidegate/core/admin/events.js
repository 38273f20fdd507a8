// Events, as they happen.

import { ask } from './api.js';
import { $, el, show } from './dom.js';

const MOST = 100;

let newest = 0;
let stop = () => {};

function addEvent(one) {
  newest = one.number;
  $('events').querySelector('.empty')?.remove();
  const when = new Date(one.at);
  $('events').prepend(
    el('li', {},
      el('time', { dateTime: one.at, title: when.toLocaleString(), textContent: when.toLocaleTimeString() }),
      el('div', {},
        el('span', { className: 'what', textContent: one.name }), ' ',
        el('span', { className: 'to', textContent: [one.subject, one.detail].filter(Boolean).join(': ') }),
      ),
    ),
  );
  while ($('events').children.length > MOST) $('events').lastChild.remove();
}

/** Shows no more of them. */
export const unfollow = () => stop();

/** By fetch and not EventSource, which cannot send the token in a field; `denied` if that is wrong. */
export function follow(denied) {
  stop();
  const abort = new AbortController();
  stop = () => abort.abort();
  newest = 0;
  show($('events'), el('li', { className: 'empty' }, 'Nothing has happened yet.'));
  delete $('events').dataset.shown;
  (async () => {
    while (!abort.signal.aborted) {
      await read(abort.signal).catch((e) => {
        if (e.status === 401) denied(); // it stops this
      });
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  })();
}

async function read(signal) {
  const response = await ask(`v1/events/stream?after=${newest}`, null, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const messages = (text + value).split('\n\n');
    text = messages.pop();
    messages.forEach(message);
  }
}

function message(text) {
  const data = text
    .split('\n')
    .filter((one) => one.startsWith('data:'))
    .map((one) => one.slice(5))
    .join('\n');
  if (data) addEvent(JSON.parse(data));
}
