// What the results mean, counted as the suite's own page does.

/** The verdict on each test, by id: of a test that needs another one, nothing can be said until that passes. */
export function verdicts (tests, results) {
  const byId = new Map(tests.map(test => [test.id, test]))
  const needs = test => (test.depends_on ?? []).filter(id => byId.has(id))
  const passes = id => results[id] === true && needs(byId.get(id)).every(passes)
  const verdict = test => {
    if (!needs(test).every(passes)) return 'depends'
    if (results[test.id] === true) return 'pass'
    return results[test.id]?.[0] === 'Setup' ? 'setup' : 'fail'
  }
  return new Map(tests.filter(counts).map(test => [test.id, verdict(test)]))
}

/** Checks tell how a cache behaves, not whether it is right. */
const counts = test => kind(test) !== 'check'
const kind = test => test.kind ?? 'required'

/** The score in words, and each test that does not pass; `left` are those that do not count, with the reasons. */
export function score (direction, tests, results, found, left) {
  const counted = tests.filter(test => counts(test) && !left.has(test.id))
  const sums = ['required', 'optimal'].map(wanted => {
    const all = counted.filter(test => kind(test) === wanted)
    return `${wanted} ${all.filter(test => found.get(test.id) === 'pass').length} of ${all.length}`
  })
  const out = tests.filter(test => counts(test) && left.has(test.id)).length
  const lines = counted
    .filter(test => found.get(test.id) !== 'pass')
    .map(test => `  ${kind(test)} ${test.id}: ${found.get(test.id)}: ${why(test, results)}`)
  return [`${direction}: ${sums.join(', ')}; ${out} more do not count`, ...lines].join('\n')
}

function why (test, results) {
  const result = results[test.id]
  return result === true ? `needs ${test.depends_on}` : result?.[1] ?? 'not run'
}
