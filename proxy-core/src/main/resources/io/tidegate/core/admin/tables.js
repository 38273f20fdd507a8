// Tables and lists of what the API tells.

import { $, cell, el, facts, show } from './dom.js';
import { bytes, millis, number, percent, seconds } from './format.js';

let clusters = [];
let readOnly = false;

/** Without buttons if nothing can be changed. */
export function showClusters(found, fixed) {
  $('clusters-section').hidden = !found;
  clusters = found?.clusters ?? [];
  readOnly = fixed;
  show($('clusters'), ...clusters.map(clusterCard));
}

/** One cluster as it is now; the others as they were. */
export function showCluster(cluster) {
  showClusters({ clusters: clusters.map((one) => (one.name === cluster.name ? cluster : one)) }, readOnly);
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

export function showRoutes(found) {
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

export function showCache(cache) {
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

export function showConnections(found, overview) {
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

export function showListeners(listeners) {
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

export function showFailures(errors) {
  const found = Object.entries(errors);
  if (found.length) facts($('failures'), found.map(([type, count]) => [type, number.format(count)]));
  else show($('failures'), el('div', {}, el('dt', { textContent: 'Since the proxy was made' }), el('dd', { textContent: 'None' })));
}

export function showEntries(entries) {
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
}
