// The results that are expected, in files beside this one: an id and a word in each line.
import { readFileSync, writeFileSync } from 'node:fs'

const file = name => new URL(name, import.meta.url)

/** What follows each id; lines with # are comments. */
function read (name) {
  const lines = readFileSync(file(name), 'utf8').split('\n')
  return new Map(lines
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => [line.split(/\s/, 1)[0], line.replace(/^\S+\s*/, '')]))
}

/** Tests that contradict what is the standard today. */
export const overtaken = () => read('overtaken.txt')

/** Tests that reach the origin server without the forward proxy. */
export const unproxied = () => read('unproxied.txt')

const list = direction => `expected-${direction}.txt`

export const expected = direction => read(list(direction))

export function write (direction, found) {
  const lines = [...found].map(([id, verdict]) => `${id} ${verdict}\n`).sort()
  writeFileSync(file(list(direction)), lines.join(''))
}

/** The tests that are expected to pass and do not; says which they are, and which pass unexpectedly. */
export function compare (direction, before, found) {
  const broken = [...before.keys()].filter(id => before.get(id) === 'pass' && found.get(id) !== 'pass')
  const better = [...found].filter(([id, verdict]) => verdict === 'pass' && before.get(id) !== 'pass')
  for (const id of broken) console.log(`${direction}: ${id} passed before: now ${found.get(id) ?? 'not there'}`)
  for (const [id] of better) console.log(`${direction}: ${id} passes and is not expected to: node run.mjs --accept`)
  return broken
}
