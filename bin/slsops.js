#!/usr/bin/env node
// the whole module: older Nodes lack what is used of it, and are to be told so in words
import * as nodeModule from 'node:module'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'

const needed = [22, 12]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const require = nodeModule.createRequire(import.meta.url)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`slsops needs Node.js ${needed.join('.')} or newer; this is ${process.versions.node}.`)
  process.exitCode = 1
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // what oclif would say, without loading it: scripts ask often
  console.log(
    `slsops/${require('../package.json').version} ${process.platform}-${process.arch} node-${process.version}`,
  )
} else if (process.argv[2] === 'complete') {
  nodeModule.enableCompileCache?.()
  // a TAB waits for it: without oclif
  void import('../dist/completion.js').then(({answerTab}) => {
    const program = [process.execPath, fileURLToPath(import.meta.url)]
    const options = {environment: process.env, root: dirname(dirname(program[1])), program, now: Date.now()}
    process.stdout.write(answerTab(process.argv.slice(3), options))
  })
} else {
  nodeModule.enableCompileCache?.()
  // by require: @oclif/core is CommonJS, and on import Node would first search it for the names it exports
  const {execute} = require('@oclif/core/execute')
  // not awaited: with a top-level await, a closed pipe would end the process with Node's exit code 13
  void execute({dir: import.meta.url})
}
