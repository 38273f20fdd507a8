// The suite: its tests, its origin server and its client, as its package or a checkout of its repository has them.
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AbsoluteFormAgent } from './agent.mjs'

/** A proxy that does not answer fails one test, not all. */
const LONGEST_REQUEST = 15_000

const PACKAGE = fileURLToPath(new URL('node_modules/http-cache-tests', import.meta.url))

/** The suite in directory `checkout`, or the npm package if there is none. */
export async function openSuite (checkout) {
  const root = checkout ? path.resolve(checkout) : PACKAGE
  const engine = checkout ? path.join(root, 'test-engine') : root
  const load = (...names) => import(pathToFileURL(path.join(...names)).href)
  const chapters = [...(await load(root, 'tests', 'index.mjs')).default]
  if (!checkout) chapters.push((await load(root, 'tests', 'surrogate-control.mjs')).default)
  const { runTests, getResults } = await load(engine, 'client', 'runner.mjs')
  const require = createRequire(path.join(root, 'package.json'))
  const client = checkout ? builtInFetch(runTests, require) : packagedFetch(runTests, require)
  return {
    isPackage: !checkout,
    tests: chapters.flatMap(chapter => chapter.tests).filter(test => !test.browser_only),
    startOrigin: () => startOrigin(() => load(engine, 'server', 'server.mjs')),
    async run (base) {
      await client.straight(chapters, base)
      return getResults()
    },
    async runThrough (proxy, base) {
      await client.through(proxy, chapters, base)
      return getResults()
    }
  }
}

/** The package is given the function that fetches. */
function packagedFetch (runTests, require) {
  const fetch = require('node-fetch')
  const run = (chapters, base, agent) =>
    runTests(chapters, (uri, init) => fetch(uri, { ...init, agent, timeout: LONGEST_REQUEST }), false, base)
  return {
    straight: (chapters, base) => run(chapters, base),
    through: (proxy, chapters, base) => run(chapters, base, new AbsoluteFormAgent(proxy))
  }
}

/** A checkout uses that of Node.js. */
function builtInFetch (runTests, require) {
  return {
    straight: (chapters, base) => runTests(chapters, false, base),
    through (proxy, chapters, base) {
      const { ProxyAgent, setGlobalDispatcher } = require('undici')
      setGlobalDispatcher(new ProxyAgent({ uri: `http://${proxy.host}:${proxy.port}`, proxyTunnel: false }))
      return runTests(chapters, false, base)
    }
  }
}

/**
 * Starts the suite's origin server in this process and resolves to its URI. It would listen on every address, and close
 * connections after five seconds, just when the proxy may use them again.
 */
async function startOrigin (load) {
  Object.assign(process.env, { npm_config_protocol: 'http', npm_config_port: '0', npm_config_pidfile: '/dev/null' })
  const listen = net.Server.prototype.listen
  const listening = new Promise((resolve, reject) => {
    net.Server.prototype.listen = function () {
      this.keepAliveTimeout = 10 * 60_000
      this.once('listening', () => resolve(`http://127.0.0.1:${this.address().port}`))
      this.once('error', reject)
      return listen.call(this, 0, '127.0.0.1')
    }
  })
  await load()
  const origin = await listening
  net.Server.prototype.listen = listen
  return origin
}
