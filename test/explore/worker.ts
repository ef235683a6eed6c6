// A worker process of the explorer: gets parcels, a part of all paths each, walks them, and says what it found.

import { bankOf } from './bank.ts'
import { explore, type Walk } from './explorer.ts'
import type { Broken, Found, Parcel } from './parcels.ts'
import { scenarios } from './scenarios.ts'
import { allOn } from './switches.ts'

const bank = await bankOf()
/** Of each promise that is broken on a parcel the shortest path is told. */
const tellEvery = 500

async function walkAll({ id, scenario: name, off, prefix, budgets, most, stopAtFirst }: Parcel): Promise<Found> {
  const scenario = scenarios.find((one) => one.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const switches = { ...allOn, ...(off && { [off]: false }) }
  const broken = new Map<string, Broken>()
  let [paths, told, parked] = [0, 0, 0]
  await explore(await bank(switches), scenario, prefix, budgets, (walked) => {
    paths++
    if (walked.world.operation.state === 'running') parked++
    keepShortest(broken, { scenario: name, budgets }, walked)
    if (paths - told >= tellEvery) {
      process.send?.({ walked: paths - told })
      told = paths
    }
    return paths < most && !(stopAtFirst && broken.size > 0)
  })
  process.send?.({ walked: paths - told })
  return { id, paths, parked, broken: [...broken.values()] }
}

function keepShortest(
  broken: Map<string, Broken>,
  of: Pick<Broken, 'scenario' | 'budgets'>,
  { violations, path }: Walk,
): void {
  for (const { promise, what } of violations) {
    const { spent, taken } = path
    const known = broken.get(promise)
    if (known && (known.spent < spent || (known.spent === spent && known.taken.length <= taken.length))) continue
    broken.set(promise, { ...of, promise, what, taken, spent, times: 0 })
  }
  for (const promise of new Set(violations.map((one) => one.promise))) {
    const known = broken.get(promise)
    if (known) known.times++
  }
}

process.on('message', (parcel: Parcel) => {
  walkAll(parcel).then(
    (found) => process.send?.({ found }),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
// Whoever gave the parcels is gone.
process.on('disconnect', () => process.exit(1))
process.send?.({ ready: true })
