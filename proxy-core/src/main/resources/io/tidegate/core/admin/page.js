// The admin page: asks the API beside it once a second, and shows what it says.

import { ask, forgetToken, get, getIfThere, hasToken, keepToken, reason, useToken } from './api.js';
import { $, keyed } from './dom.js';
import { follow, unfollow } from './events.js';
import { showFigures } from './figures.js';
import {
  showCache,
  showCluster,
  showClusters,
  showConnections,
  showEntries,
  showFailures,
  showListeners,
  showRoutes,
} from './tables.js';
import { notice, say, sure, unsay } from './talk.js';

const EVERY = 1000;
const LONGEST_PAUSE = 15000;

// --- Signing in ---

function signIn(problem = '') {
  rounds++;
  unfollow();
  clearTimeout(timer);
  unsay();
  forgetToken();
  $('dashboard').hidden = true;
  $('proxy-actions').hidden = true;
  $('sign-in').hidden = false;
  $('sign-in-error').textContent = problem;
  state('unknown', 'Not connected');
  $('token').focus();
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  useToken($('token').value.trim());
  try {
    await get('v1/overview');
    keepToken();
    $('token').value = '';
    begin();
    $('main').focus();
  } catch (e) {
    useToken('');
    $('sign-in-error').textContent = e.status === 401 ? 'The token is wrong.' : `${reason(e)}.`;
    $('token').select();
  }
});

const denied = () => signIn('The token is wrong.');

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
  follow(denied);
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
    showFigures(figures, span);
    showClusters(clusters, overview.readOnly);
    showRoutes(routes);
    showCache(cache);
    showConnections(connections, overview);
    showListeners(connections.listeners);
    showFailures(recent.errors);
  } catch (e) {
    if (round !== rounds) return;
    if (e.status === 401) {
      denied();
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

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !$('dashboard').hidden) refresh();
});
addEventListener('resize', () => figures && !$('dashboard').hidden && showFigures(figures, span));
document.querySelectorAll('[name="span"]').forEach((choice) =>
  choice.addEventListener('change', () => {
    span = Number(choice.value);
    if (figures) showFigures(figures, span);
  }),
);

// --- The proxy ---

function showOverview(overview) {
  const kind = overview.direction === 'reverse' ? 'Reverse proxy' : 'Forward proxy';
  const where = overview.listeners.length ? ` on ${overview.listeners.join(', ')}` : '';
  $('name').textContent = overview.name;
  document.title = `${overview.name} · Tidegate`;
  $('about').textContent = `${kind}${where}, up since ${new Date(overview.since).toLocaleString()}`;
  showReadiness(overview.status);
  $('drain').hidden = overview.readOnly;
  $('purge').hidden = overview.readOnly;
}

function showReadiness(status) {
  const kinds = { ready: 'good', draining: 'warn' };
  state(kinds[status] ?? 'bad', status[0].toUpperCase() + status.slice(1));
  $('drain').textContent = status === 'draining' ? 'Resume proxy' : 'Drain proxy';
  $('drain').dataset.on = status === 'draining' ? '' : 'yes';
}

// --- The cache's entries ---

$('cache-find').addEventListener('submit', (event) => {
  event.preventDefault();
  findEntries().then((count) => say(`${count} stored responses`), tell);
});

async function findEntries() {
  const { entries } = await get(`v1/cache/entries?limit=100&prefix=${encodeURIComponent($('prefix').value.trim())}`);
  showEntries(entries);
  return entries.length;
}

// --- Actions, each of which asks first ---

function tell(e) {
  if (e.status === 401) denied();
  else say(`Not done: ${reason(e)}.`, 'bad');
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
      findEntries().catch(tell);
      return `${answer.invalidated} stored responses are forgotten`;
    },
  );
});

// --- Beginning: without a token there may be none needed ---

get('v1/overview').then(begin, (e) => {
  if (e.status === 401) signIn(hasToken() ? 'The token is wrong.' : '');
  else {
    begin();
    trouble(e);
  }
});
