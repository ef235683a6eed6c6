// Makes one file of each command over copybooks and records, and all that it loads, beside the command's own module: dist/cli/data/decode.cjs.
// Node looks for, reads and links a hundred modules slower than it runs them. Standard input is what built.cjs says of the sources of dist/.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import swc from '@swc/core'
import webpack from 'webpack'
import { marksOf, root } from './built.cjs'

/** Commands that load no catalog and no server. */
const commands = ['decode', 'encode', 'layout', 'schema', 'hex', 'diff']

/** The program of a command: `start(args)` runs it. */
function entryOf(name) {
  const program = `
    import { endWithOutput, runCommand } from '../run-command.js'
    import { ${name} } from './${name}.js'
    export async function start(args) {
      endWithOutput()
      process.exitCode = await runCommand(${name}, args)
    }`
  return `data:text/javascript,${encodeURIComponent(program)}`
}

/** How webpack puts the modules of dist/ into one scope each, and keeps names and order. */
function settings(data) {
  return {
    mode: 'none',
    target: 'node20',
    context: data,
    devtool: false,
    entry: Object.fromEntries(commands.map((name) => [name, entryOf(name)])),
    output: { path: data, filename: '[name].cjs', library: { type: 'commonjs2' }, chunkFormat: 'commonjs' },
    module: { parser: { javascript: { dynamicImportMode: 'eager', importMeta: false, url: false, worker: false } } },
    // The bundle lies beside the module of its command, which alone asks where it lies.
    plugins: [new webpack.DefinePlugin({ 'import.meta.url': 'require("node:url").pathToFileURL(__filename).href' })],
    optimization: { concatenateModules: true, providedExports: true, usedExports: true, moduleIds: 'named' },
    performance: false,
  }
}

/** Without comments and blanks, in ASCII, which Node reads fastest; names stay for whoever reads a stack. */
function compact(source) {
  const { code } = swc.minifySync(source, {
    compress: false,
    mangle: false,
    module: false,
    format: { comments: false, ascii_only: true },
  })
  return code
}

/** What webpack makes of the commands, by path. Throws what it says. */
async function bundles(data) {
  const compiler = webpack(settings(data))
  const made = new Map()
  // Kept in memory, since they are changed before they are written.
  compiler.outputFileSystem = {
    mkdir: (_path, ...rest) => rest.at(-1)(null),
    stat: (_path, ...rest) => rest.at(-1)(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })),
    writeFile: (path, content, ...rest) => {
      made.set(path, String(content))
      rest.at(-1)(null)
    },
  }
  const stats = await promisify(compiler.run.bind(compiler))()
  await promisify(compiler.close.bind(compiler))()
  if (stats.hasErrors() || stats.hasWarnings())
    throw new Error(stats.toString({ all: false, errors: true, warnings: true }))
  return { made, stats }
}

/** The lines of `marks` of the sources that a command and its start are made from. */
function marksFor(name, { compilation }, marks) {
  const { entrypoints, chunkGraph } = compilation
  const own = /\/src\/(bundle\.mjs|[^/]*\.cjs) |^\/tsconfig\.json /
  const used = new Set()
  const add = (module) => {
    for (const part of module.modules ?? [module])
      if (part.resource?.startsWith(dist)) used.add(part.resource.slice(dist.length).replace(/js$/, 'ts'))
  }
  for (const chunk of entrypoints.get(name).chunks) for (const module of chunkGraph.getChunkModules(chunk)) add(module)
  return marks.filter((line) => own.test(line) || used.has(line.slice('/src'.length, line.indexOf(' '))))
}

const dist = join(root, 'dist')
const marks = readFileSync(0, 'utf8').trimEnd().split('\n')
const { made, stats } = await bundles(join(dist, 'cli', 'data'))
for (const [path, content] of made) {
  const code = compact(content)
  writeFileSync(path, `// ${createHash('sha256').update(code).digest('hex')}\n${code}`)
  writeFileSync(marksOf(path), `${marksFor(basename(path, '.cjs'), stats, marks).join('\n')}\n`)
}
