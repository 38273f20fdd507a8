// Elements of the page.

export const $ = (id) => document.getElementById(id);

/** An element; text is always text, never markup. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const keyed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

/**
 * Replaces the children only if they have changed: what has a key stays focused and scrolled. While the pointer is down
 * on one of them they stay until the next time, or the press of a button would come to nothing.
 */
export function show(parent, ...children) {
  if (parent.matches(':active')) return;
  const next = el('div', {}, ...children);
  if (parent.dataset.shown === next.innerHTML) return;
  parent.dataset.shown = next.innerHTML;
  const focused = parent.contains(document.activeElement) && document.activeElement.dataset.key;
  const scrolled = [...parent.querySelectorAll('.scroll[data-key]')].map((one) => [one.dataset.key, one.scrollLeft, one.scrollTop]);
  parent.replaceChildren(...next.childNodes);
  scrolled.forEach(([key, left, top]) => keyed(key)?.scrollTo(left, top));
  if (focused) keyed(focused)?.focus({ preventScroll: true });
}

/** A number in a table; on a narrow screen it has its name beside it. */
export const cell = (name, text) => el('td', { className: 'number', 'data-name': name, textContent: text });

const fact = (name, value) => [el('dt', { textContent: name }), el('dd', { textContent: value })];

/** Names and what they are, in a list. */
export const facts = (list, pairs) =>
  show(list, ...pairs.map(([name, value]) => el('div', {}, ...fact(name, value))));
