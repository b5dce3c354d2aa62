#!/usr/bin/env node
// the whole module: older Nodes lack the function, and are to be told so in words
import * as nodeModule from 'node:module'

const needed = [22, 12]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`slsops needs Node.js ${needed.join('.')} or newer; this is ${process.versions.node}.`)
  process.exitCode = 1
} else {
  nodeModule.enableCompileCache?.()
  const {execute} = await import('@oclif/core/execute')
  // not awaited: with a top-level await, a closed pipe would end the process with Node's exit code 13
  void execute({dir: import.meta.url})
}
