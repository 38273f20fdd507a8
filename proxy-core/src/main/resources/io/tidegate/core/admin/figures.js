// The charts, and the figures beside them.

import { draw, legend } from './chart.js';
import { $, el, show } from './dom.js';
import { millis, millisOnAxis, percent, short } from './format.js';

const sum = (values) => values.reduce((all, value) => all + value, 0);
const last = (values, count) => values.slice(-count);

function chart(id, series, options, figure, unit) {
  const box = $(id);
  options.label = `${box.querySelector('h3').textContent}: ${figure} ${unit}`;
  draw(box.querySelector('.plot'), series, options);
  legend(box.querySelector('.legend'), series);
  show(box.querySelector('.figure'), figure, ' ', el('small', { textContent: unit }));
}

/** Shows the last `span` seconds of the figures `f`. */
export function showFigures(f, span) {
  const of = (values) => last(values, span);
  const recent = (values) => sum(last(values, 10)) / 10;
  const classes = ['2xx', '3xx', '4xx', '5xx', '1xx', 'none'].map((name) => ({
    name: name === 'none' ? 'no response' : name,
    color: name === 'none' ? 0 : Number(name[0]),
    values: of(f.requests[name]),
  }));
  const shown = classes.filter((one, i) => i < 4 || sum(one.values) > 0);
  const rate = sum(Object.values(f.requests).map(recent));
  chart('chart-requests', shown, { stacked: true, format: short }, short(rate), 'per second');

  const gaps = (values) => of(values).map((value) => value || null);
  const latency = [
    { name: 'p99', color: 5, values: gaps(f.p99Millis) },
    { name: 'p90', color: 4, values: gaps(f.p90Millis) },
    { name: 'p50', color: 2, values: gaps(f.p50Millis) },
  ];
  const now = last(f.p50Millis, 10).filter((value) => value > 0);
  const p50 = now.length ? millis(sum(now) / now.length) : '–';
  chart('chart-latency', latency, { format: millisOnAxis }, p50, 'half within');

  const ratio = of(f.hits).map((hits, i) => (of(f.lookups)[i] ? hits / of(f.lookups)[i] : null));
  const asked = recent(f.lookups);
  const hits = asked ? percent(recent(f.hits) / asked) : '–';
  const ratios = [{ name: 'answered from the cache', color: 2, values: ratio }];
  chart('chart-hits', ratios, { most: 1, format: (v) => `${v * 100}%` }, hits, 'of lookups');

  const failed = [
    { name: 'failed', color: 5, values: of(f.failed) },
    { name: 'other 5xx', color: 4, values: of(f.requests['5xx']).map((n, i) => Math.max(0, n - of(f.failed)[i])) },
  ];
  const rates = recent(f.failed.map((n, i) => Math.max(n, f.requests['5xx'][i])));
  chart('chart-errors', failed, { stacked: true, format: short }, short(rates), 'per second');
}
