// Runs test files as the bench does, without any mutant: `node test/mutants/run.mjs run FILE…`. Those over the rig need no server here.

import { benchOf } from './bench.ts'

/** Prints what fails; gives the exit code. */
export async function plain(files: readonly string[], root: string): Promise<number> {
  const bench = benchOf(root)
  let [passed, failed] = [0, 0]
  for (const file of files) {
    const unloadable = await bench.run({
      ...{ file, texts: new Map() },
      each(_, name, { problem }) {
        if (problem === undefined) passed++
        else failed++
        if (problem !== undefined) console.log(`${file}: ${name}: ${problem}`)
        return true
      },
    })
    if (unloadable === undefined) continue
    failed++
    console.log(`${file}: ${unloadable}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
