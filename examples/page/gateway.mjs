// A reverse proxy under load, with all that its admin page can show: two clusters, one endpoint that is down, a cache, errors.
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { startProxy } from '../conformance/proxy.mjs'

export const token = 'known-to-this-test-alone'

/** Resolves to the URL of a server that takes up to `slowest` ms, and fails at a share of its requests. */
async function origin (slowest, failing) {
  let count = 0
  const server = http.createServer((request, response) => {
    count++
    const fails = request.url !== '/up' && count % 100 < 100 * failing
    const status = request.url.includes('missing') ? 404 : fails ? 503 : 200
    const fields = status === 200 && request.url.startsWith('/static/') ? { 'Cache-Control': 'max-age=8' } : {}
    setTimeout(() => response.writeHead(status, fields).end('hello '.repeat(100)), count % 10 / 10 * slowest)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

/** Resolves to the URL of a port at which nobody listens. */
async function nobody () {
  const server = http.createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return `http://127.0.0.1:${port}`
}

/** Asks for a few hundred different things a second, again and again. */
function load (host, port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
  let next = 0
  const ask = () => {
    next++
    const target = next % 3 === 0 ? `/static/${next % 40}.css` : next % 50 === 0 ? '/missing' : `/orders/${next % 30}`
    http.get({ host, port, agent, path: target }, response => response.resume()).on('error', () => {})
  }
  setInterval(ask, 5)
}

/** Resolves to the URL of the admin page. */
export async function startGateway () {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tidegate-page-'))
  const tokenFile = path.join(directory, 'token')
  writeFileSync(tokenFile, token)
  const admin = new URL(await nobody())
  const settings = {
    reverse: {
      proxy: {
        listeners: [{ host: '127.0.0.1', port: 0 }],
        viaName: 'edge-1',
        cache: { maxBytes: '32MiB' },
        admin: { port: Number(admin.port), token: { file: tokenFile }, showClients: true }
      },
      clusters: [
        { name: 'orders', endpoints: [await origin(6, 0), { uri: await origin(20, 0), weight: 2 }] },
        { name: 'static-files', endpoints: [await origin(40, 0.05), await nobody()], health: { check: { path: '/up', interval: '1s' } } }
      ],
      routes: [{ path: '/static/**', cluster: 'static-files' }, { path: '/**', cluster: 'orders' }]
    }
  }
  const file = path.join(directory, 'gateway.json')
  writeFileSync(file, JSON.stringify(settings))
  const { host, port } = await startProxy(['run', file, '--no-watch'])
  load(host, port)
  return admin.origin
}
