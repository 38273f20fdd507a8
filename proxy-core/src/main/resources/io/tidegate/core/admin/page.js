// The admin page: asks the API beside it once a second, and shows what it says.

import { draw, legend } from './chart.js';

const KEY = 'tidegate-token';
const EVERY = 1000;
const LONGEST_PAUSE = 15000;
const MOST_EVENTS = 100;

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** An element; text is always text, never markup. */
function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const keyed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

/** Replaces the children only if they have changed: what has a key stays focused and scrolled. */
function show(parent, ...children) {
  const next = el('div', {}, ...children);
  if (parent.dataset.shown === next.innerHTML) return;
  parent.dataset.shown = next.innerHTML;
  const focused = parent.contains(document.activeElement) && document.activeElement.dataset.key;
  const scrolled = [...parent.querySelectorAll('.scroll[data-key]')].map((one) => [one.dataset.key, one.scrollLeft, one.scrollTop]);
  parent.replaceChildren(...next.childNodes);
  scrolled.forEach(([key, left, top]) => keyed(key)?.scrollTo(left, top));
  if (focused) keyed(focused)?.focus({ preventScroll: true });
}

// --- Figures as text ---

const millis = (value) => {
  if (!value) return '–';
  if (value < 10) return `${value.toFixed(1)} ms`;
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
};

const bytes = (value) => {
  if (value < 0) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${value < 10 && at > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[at]}`;
};

const seconds = (value) => {
  const sign = value < 0 ? '−' : '';
  const whole = Math.abs(Math.round(value));
  if (whole < 120) return `${sign}${whole} s`;
  if (whole < 7200) return `${sign}${Math.round(whole / 60)} min`;
  return whole < 172800 ? `${sign}${Math.round(whole / 3600)} h` : `${sign}${Math.round(whole / 86400)} d`;
};

const short = (value) => {
  if (value >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  return value >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : `${+value.toFixed(value < 1 ? 2 : 1)}`;
};

const percent = (part) => `${(part * 100).toFixed(part > 0.995 || part < 0.0005 ? 0 : 1)}%`;
const sum = (values) => values.reduce((all, value) => all + value, 0);
const last = (values, count) => values.slice(-count);

// --- The API ---

let token = takeToken();
let readOnly = false;
let stopEvents = () => {};

/** The token that the address brings along is taken out of it at once. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? '';
}

class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, content, signal) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (content) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, {
    method: content ? 'POST' : 'GET',
    headers,
    body: content && JSON.stringify(content),
    credentials: 'omit',
    cache: 'no-store',
    signal: signal ?? AbortSignal.timeout(10000),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail ?? `status ${response.status}`);
  }
  return response;
}

const get = async (path) => (await ask(path)).json();

/** What not every proxy has is null. */
const getIfThere = (path) =>
  get(path).catch((e) => {
    if (e.status === 404) return null;
    throw e;
  });

// --- Signing in ---

function signIn(problem = '') {
  rounds++;
  stopEvents();
  clearTimeout(timer);
  unsay();
  sessionStorage.removeItem(KEY);
  token = '';
  $('dashboard').hidden = true;
  $('proxy-actions').hidden = true;
  $('sign-in').hidden = false;
  $('sign-in-error').textContent = problem;
  state('unknown', 'Not connected');
  $('token').focus();
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  try {
    await get('v1/overview');
    sessionStorage.setItem(KEY, token);
    $('token').value = '';
    begin();
    $('main').focus();
  } catch (e) {
    token = '';
    $('sign-in-error').textContent = e.status === 401 ? 'The token is wrong.' : `${reason(e)}.`;
    $('token').select();
  }
});

$('forget').addEventListener('click', () => signIn());

// --- Refreshing ---

let timer;
let pause = EVERY;
let span = 180;
let figures = null;

function state(kind, text) {
  $('state').dataset.state = kind;
  if ($('state').textContent !== text) $('state').textContent = text;
}

function begin() {
  $('sign-in').hidden = true;
  $('dashboard').hidden = false;
  $('proxy-actions').hidden = false;
  pause = EVERY;
  follow();
  refresh();
}

/** Counts who asks: whoever is overtaken, by a change or by signing out, shows nothing more. */
let rounds = 0;

async function refresh() {
  clearTimeout(timer);
  const round = ++rounds;
  try {
    const [overview, recent, clusters, routes, cache, connections] = await Promise.all([
      get('v1/overview'),
      get('v1/figures?seconds=599'),
      getIfThere('v1/clusters'),
      getIfThere('v1/routes'),
      getIfThere('v1/cache'),
      get('v1/connections'),
    ]);
    if (round !== rounds) return;
    figures = recent;
    notice('');
    pause = EVERY;
    showOverview(overview);
    showFigures();
    showClusters(clusters);
    showRoutes(routes);
    showCache(cache);
    showConnections(connections, overview);
    showListeners(connections.listeners);
    showFailures(recent.errors);
  } catch (e) {
    if (round !== rounds) return;
    if (e.status === 401) {
      signIn('The token is wrong.');
      return;
    }
    trouble(e);
  }
  if (!document.hidden) timer = setTimeout(refresh, pause);
}

function trouble(e) {
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  state('bad', 'No answer');
  notice(`${reason(e)}. Trying again; what is shown is from before.`);
}

const reason = (e) => (e instanceof Refused ? e.message : 'The proxy does not answer');

/** Is read out when it changes, and not each time it is said again. */
function notice(text) {
  $('trouble').hidden = !text;
  if ($('trouble').textContent !== text) $('trouble').textContent = text;
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !$('dashboard').hidden) refresh();
});
addEventListener('resize', () => figures && !$('dashboard').hidden && showFigures());
document.querySelectorAll('[name="span"]').forEach((choice) =>
  choice.addEventListener('change', () => {
    span = Number(choice.value);
    if (figures) showFigures();
  }),
);

// --- The proxy and its charts ---

function showOverview(overview) {
  readOnly = overview.readOnly;
  const kind = overview.direction === 'reverse' ? 'Reverse proxy' : 'Forward proxy';
  const where = overview.listeners.length ? ` on ${overview.listeners.join(', ')}` : '';
  $('name').textContent = overview.name;
  document.title = `${overview.name} · Tidegate`;
  $('about').textContent = `${kind}${where}, up since ${new Date(overview.since).toLocaleString()}`;
  showReadiness(overview.status);
  $('drain').hidden = readOnly;
  $('purge').hidden = readOnly;
}

function showReadiness(status) {
  const kinds = { ready: 'good', draining: 'warn' };
  state(kinds[status] ?? 'bad', status[0].toUpperCase() + status.slice(1));
  $('drain').textContent = status === 'draining' ? 'Resume proxy' : 'Drain proxy';
  $('drain').dataset.on = status === 'draining' ? '' : 'yes';
}

function chart(id, series, options, figure, unit) {
  const box = $(id);
  options.label = `${box.querySelector('h3').textContent}: ${figure} ${unit}`;
  draw(box.querySelector('.plot'), series, options);
  legend(box.querySelector('.legend'), series);
  show(box.querySelector('.figure'), figure, ' ', el('small', { textContent: unit }));
}

function showFigures() {
  const f = figures;
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

const millisOnAxis = (value) => (value >= 1000 ? `${+(value / 1000).toFixed(1)} s` : `${+value.toFixed(2)} ms`);

// --- Tables ---

const cell = (name, text) => el('td', { className: 'number', 'data-name': name, textContent: text });

let clusters = [];

function showClusters(found) {
  $('clusters-section').hidden = !found;
  clusters = found?.clusters ?? [];
  show($('clusters'), ...clusters.map(clusterCard));
}

/** One cluster as it is now; the others as they were. */
function showCluster(cluster) {
  showClusters({ clusters: clusters.map((one) => (one.name === cluster.name ? cluster : one)) });
}

function clusterCard(cluster) {
  const up = cluster.endpoints.filter((one) => one.state === 'healthy').length;
  const kind = up === cluster.endpoints.length ? 'good' : up ? 'warn' : 'bad';
  const heads = ['Endpoint', 'State', 'Weight', 'Active', 'Requests', 'Failed', 'p50', 'p99'];
  const head = heads.map((name, i) =>
    el('th', { scope: 'col', className: i > 1 ? 'number' : '', textContent: name }),
  );
  if (!readOnly) head.push(el('th', { scope: 'col' }, el('span', { className: 'away', textContent: 'Action' })));
  const table = el('table', { className: 'stack' },
    el('thead', {}, el('tr', {}, ...head)),
    el('tbody', {}, ...cluster.endpoints.map((one) => endpointRow(cluster.name, one))),
  );
  return el('div', { className: 'card' },
    el('div', { className: 'cluster-head' },
      el('h3', { textContent: cluster.name }),
      el('span', { className: 'pill', 'data-state': kind, textContent: `${up} of ${cluster.endpoints.length} healthy` }),
    ),
    el('div', {
      className: cluster.endpoints.length > 12 ? 'scroll tall' : 'scroll',
      tabindex: '0',
      role: 'region',
      'aria-label': `Endpoints of ${cluster.name}`,
      'data-key': cluster.name,
    }, table),
  );
}

const STATES = { healthy: 'good', draining: 'warn', 'on-trial': 'warn', unproven: 'warn' };

function endpointRow(cluster, one) {
  const f = one.figures;
  const status = el('td', {}, el('span', { className: 'pill', 'data-state': STATES[one.state] ?? 'bad', textContent: one.state }));
  if (one.reason) status.append(el('span', { className: 'reason', textContent: one.reason }));
  const row = el('tr', {},
    el('th', { scope: 'row', className: 'wide mono', textContent: one.endpoint }),
    status,
    cell('Weight', number.format(one.weight)),
    cell('Active', number.format(one.activeRequests)),
    cell('Requests', number.format(f.requests)),
    cell('Failed', number.format(Math.max(f.failed, f.serverErrors))),
    cell('p50', millis(f.p50Millis)),
    cell('p99', millis(f.p99Millis)),
  );
  if (!readOnly) row.append(el('td', { className: 'act' }, endpointButton(cluster, one)));
  return row;
}

function endpointButton(cluster, one) {
  const action = one.state === 'draining' ? 'resume' : 'drain';
  const name = action === 'drain' ? 'Drain' : 'Resume';
  return el('button', {
    type: 'button',
    textContent: name,
    'aria-label': `${name} ${one.endpoint} in ${cluster}`,
    'data-key': `${cluster} ${one.endpoint}`,
    'data-action': action,
    'data-cluster': cluster,
    'data-endpoint': one.uri,
  });
}

function showRoutes(found) {
  $('routes-section').hidden = !found;
  if (!found) return;
  show($('routes'), ...found.routes.map(({ name, clusters, figures: f }) =>
    el('tr', {},
      el('th', { scope: 'row', className: 'wide mono', textContent: name }),
      el('td', { className: 'wide', textContent: clusters.join(', ') || '–' }),
      cell('Requests', number.format(f.requests)),
      cell('Failed', number.format(Math.max(f.failed, f.serverErrors))),
      cell('p50', millis(f.p50Millis)),
      cell('p99', millis(f.p99Millis)),
    ),
  ));
}

const fact = (name, value) => [el('dt', { textContent: name }), el('dd', { textContent: value })];
const facts = (list, pairs) =>
  show(list, ...pairs.map(([name, value]) => el('div', {}, ...fact(name, value))));

function showCache(cache) {
  $('cache-section').hidden = !cache;
  if (!cache) return;
  const s = cache.statistics;
  facts($('cache-facts'), [
    ['Hit ratio', percent(cache.hitRatio)],
    ['Hit ratio, octets', percent(cache.byteHitRatio)],
    ['Stored responses', number.format(cache.entries)],
    ['Memory', bytes(cache.bytes)],
    ['Hits', number.format(s.hits)],
    ['Validated', number.format(s.validated)],
    ['Misses', number.format(s.misses)],
    ['Evicted', number.format(s.evicted)],
    ['Invalidated', number.format(s.invalidated)],
  ]);
}

function showConnections(found, overview) {
  facts($('connections'), [
    ['From clients', `${number.format(found.clients.connections)} of ${number.format(found.maxConnections)}`],
    ['Requests under way', number.format(found.clients.activeRequests)],
    ['Tunnels', number.format(found.clients.tunnels)],
    ['To upstreams', number.format(found.upstreams.connections)],
    ['Of these at rest', number.format(found.upstreams.resting)],
    ['Requests waiting', number.format(found.upstreams.pendingRequests)],
    ...Object.entries(found.busiest ?? {}).map(([client, count]) => [`From ${client}`, number.format(count)]),
    ['Memory of the JVM', `${bytes(overview.heapBytes)} of ${bytes(overview.maxHeapBytes)}`],
    ['Java', overview.java],
  ]);
}

function showListeners(listeners) {
  $('listeners-part').hidden = !listeners.length;
  show($('listeners'), ...listeners.map((one) =>
    el('tr', {},
      el('th', { scope: 'row', className: 'wide mono', textContent: one.accepting ? one.address : `${one.address} (closed)` }),
      cell('HTTP/1.1', number.format(one.http1)),
      cell('HTTP/2', number.format(one.http2)),
      cell('Tunnels', number.format(one.tunnels)),
      cell('Beginning', number.format(one.beginning)),
    ),
  ));
}

function showFailures(errors) {
  const found = Object.entries(errors);
  if (found.length) facts($('failures'), found.map(([type, count]) => [type, number.format(count)]));
  else show($('failures'), el('div', {}, el('dt', { textContent: 'Since the proxy was made' }), el('dd', { textContent: 'None' })));
}

// --- The cache's entries ---

$('cache-find').addEventListener('submit', (event) => {
  event.preventDefault();
  showEntries().then((count) => say(`${count} stored responses`), tell);
});

async function showEntries() {
  const { entries } = await get(`v1/cache/entries?limit=100&prefix=${encodeURIComponent($('prefix').value.trim())}`);
  const none = el('tr', {}, el('td', { colSpan: 5, className: 'empty wide', textContent: 'Nothing is stored that begins like this.' }));
  const rows = entries.map((one) =>
    el('tr', {},
      el('th', { scope: 'row', className: 'url wide mono', textContent: one.key }),
      cell('Status', String(one.status)),
      cell('Age', seconds(one.ageSeconds)),
      cell('Fresh for', seconds(one.freshForSeconds)),
      cell('Size', bytes(one.bytes)),
    ),
  );
  show($('entries'), ...(rows.length ? rows : [none]));
  return entries.length;
}

// --- Actions, each of which asks first ---

/** How an action went; it stays until there is another, whatever is refreshed meanwhile. */
function say(text, kind = 'good') {
  $('said').dataset.state = kind;
  $('said-text').textContent = text;
  $('said-close').hidden = false;
}

function unsay() {
  delete $('said').dataset.state;
  $('said-text').textContent = '';
  $('said-close').hidden = true;
}

$('said-close').addEventListener('click', () => {
  unsay();
  $('main').focus({ preventScroll: true }); // what had it is gone
});

function tell(e) {
  if (e.status === 401) signIn('The token is wrong.');
  else say(`Not done: ${reason(e)}.`, 'bad');
}

/** Whether the user wants this. */
function sure(title, text, yes) {
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

async function act(title, text, yes, path, content, done) {
  const { key } = document.activeElement.dataset;
  if (await sure(title, text, yes)) await change(path, content, done);
  // What was pressed may have been drawn anew meanwhile, and what closes keeps the focus for a moment.
  const lost = [document.body, ...$('ask').querySelectorAll('button')].includes(document.activeElement);
  if (key && lost) keyed(key)?.focus();
}

async function change(path, content, done) {
  unsay();
  try {
    rounds++;
    const answer = await (await ask(path, content)).json();
    rounds++;
    say(done(answer));
  } catch (e) {
    tell(e);
  }
  if (!$('dashboard').hidden) await refresh();
}

$('drain').addEventListener('click', () => {
  const on = $('drain').dataset.on;
  act(
    on ? 'Drain the proxy?' : 'Resume the proxy?',
    on
      ? 'Its readiness fails, so that a balancer in front of it sends requests elsewhere. Those that come all the same are served.'
      : 'Its readiness is good again, and a balancer in front of it sends requests.',
    on ? 'Drain' : 'Resume',
    on ? 'v1/drain' : 'v1/resume',
    {},
    (answer) => {
      showReadiness(answer.status);
      return `The proxy is ${answer.status}`;
    },
  );
});

$('clusters').addEventListener('click', (event) => {
  const { action, cluster, endpoint } = event.target.dataset;
  if (!action) return;
  const drain = action === 'drain';
  act(
    `${drain ? 'Drain' : 'Resume'} this endpoint?`,
    `${endpoint} in cluster ${cluster} ${drain ? 'gets no new requests; those under way end as they would have.' : 'gets requests again.'}`,
    drain ? 'Drain' : 'Resume',
    `v1/endpoints/${action}`,
    { cluster, endpoint },
    (answer) => {
      showCluster(answer);
      return `${endpoint} ${drain ? 'is draining' : 'gets requests again'}`;
    },
  );
});

$('purge').addEventListener('click', () => {
  const prefix = $('prefix').value.trim();
  act(
    'Purge the cache?',
    prefix
      ? `Every stored response whose URL begins with ${prefix} is forgotten.`
      : 'Every stored response is forgotten. Upstreams get all requests until they are stored again.',
    'Purge',
    'v1/cache/purge',
    prefix ? { prefix } : { all: true },
    (answer) => {
      showEntries().catch(tell);
      return `${answer.invalidated} stored responses are forgotten`;
    },
  );
});

// --- Events, as they happen ---

let newest = 0;

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
  while ($('events').children.length > MOST_EVENTS) $('events').lastChild.remove();
}

/** By fetch and not EventSource, which cannot send the token in a field. */
function follow() {
  stopEvents();
  const abort = new AbortController();
  stopEvents = () => abort.abort();
  newest = 0;
  show($('events'), el('li', { className: 'empty' }, 'Nothing has happened yet.'));
  delete $('events').dataset.shown;
  (async () => {
    while (!abort.signal.aborted) {
      await read(abort.signal).catch((e) => {
        if (e.status === 401) signIn('The token is wrong.'); // it stops this
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

// --- Beginning: without a token there may be none needed ---

get('v1/overview').then(begin, (e) => {
  if (e.status === 401) signIn(token ? 'The token is wrong.' : '');
  else {
    begin();
    trouble(e);
  }
});
