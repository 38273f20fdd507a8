// Runs the tests in both directions, each in a process of its own, one after the other.
//   node run.mjs [--accept] [reverse|forward]...   --accept: writes the results down as what is expected
//   SUITE=DIR   a checkout of the suite's repository, with its dependencies, instead of the npm package: only the score is told
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('direction.mjs', import.meta.url))

/** Resolves to the tests that are expected to pass and do not, or to null if no end was reached. */
function run (direction, options) {
  const child = fork(program, [direction, ...options]) // it ends when we do
  let broken = null
  child.once('message', ids => { broken = ids })
  return new Promise(resolve => child.once('exit', code => resolve(code === 0 ? broken : null)))
}

/** Runs twice if need be: some tests depend on seconds, which a busy machine may let pass. What fails twice has failed. */
async function passes (direction, options) {
  const first = await run(direction, options)
  if (first?.length === 0) return true
  console.log(`${direction}: once more`)
  const second = await run(direction, options)
  const broken = second?.filter(id => first === null || first.includes(id))
  if (broken?.length === 0) return true
  console.log(`${direction}: ${broken ? `no longer passed, twice: ${broken.join(', ')}` : 'no end was reached'}`)
  return false
}

const asked = process.argv.slice(2)
const options = asked.filter(argument => argument.startsWith('--'))
const directions = asked.filter(argument => !argument.startsWith('--'))
for (const direction of directions.length > 0 ? directions : ['reverse', 'forward']) {
  if (!await passes(direction, options)) process.exitCode = 1
}
