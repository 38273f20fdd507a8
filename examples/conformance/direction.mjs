// Runs the tests through one proxy and compares the results with the expected ones.
import { startProxy } from './proxy.mjs'
import { openSuite } from './suite.mjs'
import { compare, expected, overtaken, unproxied, write } from './expected.mjs'
import { score, verdicts } from './score.mjs'

const LONGEST = 2 * 60_000

const proxies = {
  reverse: origin => ['reverse', '--to', origin],
  forward: () => ['forward', '--allow-private', '--cache-target', 'CDN-Cache-Control']
}

async function main (direction, accept) {
  const suite = await openSuite(process.env.SUITE)
  const origin = await suite.startOrigin()
  const proxy = await startProxy([...proxies[direction](origin), '--listen', '127.0.0.1:0', '--cache'])
  const results = direction === 'forward'
    ? await suite.runThrough(proxy, origin)
    : await suite.run(`http://${proxy.host}:${proxy.port}`)
  const found = verdicts(suite.tests, results)
  const left = new Map([
    ...(suite.isPackage ? overtaken() : []),
    ...(direction === 'forward' ? unproxied() : [])
  ])
  console.log(score(direction, suite.tests, results, found, left))
  if (!suite.isPackage) return []
  if (accept) write(direction, found)
  return compare(direction, expected(direction), found)
}

process.once('disconnect', () => process.exit(1)) // whoever started us has gone
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
setTimeout(() => {
  console.error(`no end after ${LONGEST / 60_000} minutes`)
  process.exit(1)
}, LONGEST)
try {
  const broken = await main(process.argv[2], process.argv.includes('--accept'))
  process.send(broken, () => process.exit(0))
} catch (error) {
  console.error(error)
  process.exit(1)
}
