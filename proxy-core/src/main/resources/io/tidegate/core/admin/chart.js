// Charts of seconds that have passed, as SVG: stacked areas, or lines.

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 156;
const LEFT = 46;
const BOTTOM = 18;
const TOP = 6;

export function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The next number above that is 1, 2 or 5 times a power of ten. */
function round(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

/**
 * Draws into `plot`.
 * series: [{name, color, values}], the oldest value first
 * options: {stacked, format, most, label}
 */
export function draw(plot, series, options) {
  const width = Math.max(plot.clientWidth, 200);
  const height = plot.clientHeight || HEIGHT;
  const count = series[0].values.length;
  const rows = options.stacked ? stack(series) : series.map((one) => [null, one.values]);
  const top = options.most ?? round(Math.max(0, ...rows.flatMap(([, upper]) => upper)));
  const x = (i) => LEFT + ((width - LEFT - 2) * i) / Math.max(1, count - 1);
  const y = (value) => TOP + (height - TOP - BOTTOM) * (1 - Math.min(value, top) / top);
  const svg = node('svg', { role: 'img', 'aria-label': options.label, viewBox: `0 0 ${width} ${height}` });
  svg.append(...axis(width, height, top, y, options.format), ...times(width, height, count));
  rows.forEach(([lower, upper], at) => {
    const color = series[at].color;
    if (lower) svg.append(node('path', { class: `area f${color}`, d: area(lower, upper, x, y) }));
    else svg.append(node('path', { class: `line s${color}`, d: line(upper, x, y) }));
  });
  plot.replaceChildren(svg);
}

function stack(series) {
  let below = series[0].values.map(() => 0);
  return series.map(({ values }) => {
    const lower = below;
    below = values.map((value, i) => lower[i] + value);
    return [lower, below];
  });
}

function axis(width, height, top, y, format) {
  return [0, 0.5, 1].flatMap((part) => {
    const at = Math.round(y(top * part)) + 0.5;
    const text = node('text', { x: LEFT - 8, y: at + 4, 'text-anchor': 'end' }, format(top * part));
    return [node('line', { class: 'grid', x1: LEFT, x2: width, y1: at, y2: at }), text];
  });
}

function times(width, height, count) {
  const minutes = Math.round(count / 60);
  return [
    node('text', { x: LEFT, y: height - 2 }, `${minutes} min ago`),
    node('text', { x: width - 2, y: height - 2, 'text-anchor': 'end' }, 'now'),
  ];
}

const point = (px, py) => `${px.toFixed(1)} ${py.toFixed(1)}`;

function area(lower, upper, x, y) {
  const forth = upper.map((value, i) => point(x(i), y(value)));
  const back = lower.map((value, i) => point(x(i), y(value))).reverse();
  return `M${[...forth, ...back].join('L')}Z`;
}

/** A line with a gap wherever there is no value. */
function line(values, x, y) {
  let drawing = false;
  return values
    .map((value, i) => {
      if (value === null) {
        drawing = false;
        return '';
      }
      const step = `${drawing ? 'L' : 'M'}${point(x(i), y(value))}`;
      // A single value between two gaps is a dot.
      const alone = !drawing && (values[i + 1] ?? null) === null ? 'h.01' : '';
      drawing = true;
      return step + alone;
    })
    .join('');
}

/** Names the series of a chart, each beside its colour. */
export function legend(list, series) {
  if (list.dataset.of === series.map((one) => one.name).join()) return;
  list.dataset.of = series.map((one) => one.name).join();
  list.replaceChildren(
    ...series.map((one) => {
      const mark = node('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' });
      mark.append(node('rect', { class: `f${one.color}`, width: 10, height: 10, rx: 3 }));
      const item = document.createElement('li');
      item.append(mark, one.name);
      return item;
    }),
  );
}
