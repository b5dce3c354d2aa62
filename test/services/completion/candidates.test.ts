import {describe, expect, test} from 'vitest'
import {candidatesFor} from '../../../src/services/completion/candidates.ts'
import {readCommandLine} from '../../../src/services/completion/command-line.ts'
import type {Command, Flag} from '../../../src/services/completion/manifest.ts'
import type {Names} from '../../../src/services/completion/names.ts'

const flags = (...all: readonly Flag[]): Record<string, Flag> => Object.fromEntries(all.map(flag => [flag.name, flag]))
const region: Flag = {
  name: 'region',
  char: 'r',
  type: 'option',
  multiple: true,
  delimiter: ',',
  description: 'AWS region',
}

const commands: readonly Command[] = [
  {
    id: 'logs',
    summary: 'Read logs\nof many groups',
    usage: 'logs [TARGET…] [flags]',
    args: {},
    flags: flags(
      region,
      {name: 'profile', type: 'option'},
      {name: 'stack', type: 'option'},
      {name: 'tag', type: 'option', multiple: true},
      {name: 'log-group', type: 'option', multiple: true},
      {name: 'level', type: 'option'},
      {name: 'tz', type: 'option'},
      {name: 'scope', type: 'option'},
      {name: 'engine', type: 'option', options: ['auto', 'filter']},
      {name: 'out', type: 'option', helpValue: 'FILE'},
      {name: 'filter', type: 'option', helpValue: 'PATTERN'},
      {name: 'follow', char: 'f', type: 'boolean', description: 'go on'},
      {name: 'wrap', type: 'boolean', allowNo: true},
      {name: 'secret', type: 'boolean', hidden: true},
    ),
  },
  {
    id: 'errors',
    usage: ['errors [TARGET]', 'errors --all'],
    args: {},
    flags: flags({name: 'level', type: 'option', helpValue: 'warn|error|fatal'}),
  },
  {
    id: 'functions',
    args: {},
    flags: flags(
      {name: 'by', type: 'option', helpValue: 'stack|tag:KEY|runtime'},
      {name: 'columns', type: 'option', helpValue: 'A,B,…'},
      {name: 'sort', type: 'option', helpValue: 'COLUMN'},
      {name: 'baseline', type: 'option', helpValue: 'D|none'},
    ),
  },
  {id: 'unused', args: {}, flags: flags({name: 'fail-on', type: 'option', helpValue: 'VERDICT'})},
  {id: 'query', usage: "query 'QUERY' [TARGET…]", args: {}, flags: {}},
  {id: 'trace', usage: 'trace [ID] [TARGET…]', args: {}, flags: {}},
  {
    id: 'tune',
    usage: ['tune TARGET… [flags]', 'tune --cleanup [RUN…] [flags]'],
    args: {},
    flags: flags(
      {name: 'resume', type: 'option', helpValue: 'RUN'},
      {name: 'cleanup', type: 'boolean'},
      {name: 'payload-dir', type: 'option', helpValue: 'DIR'},
    ),
  },
  {
    id: 'shift',
    usage: ['shift TARGET… [flags]', 'shift --resume [RUN] [flags]'],
    args: {},
    flags: flags({name: 'resume', type: 'boolean'}, {name: 'alias', type: 'option', helpValue: 'NAME'}),
  },
  {id: 'sandbox', args: {}, flags: flags(region)},
  {id: 'sandbox:serve', args: {}, flags: flags({name: 'port', type: 'option'})},
  {id: 'autocomplete', args: {shell: {options: ['bash', 'zsh']}}, flags: {}},
  {id: 'help', args: {command: {}}, flags: {}},
]

const names: Names = {
  functions: ['checkout-api', 'catalog-api'],
  qualifiers: [['checkout-api', ['live', '42']]],
  logGroups: ['/aws/lambda/checkout-api', '/ecs/payments', 'plain'],
  stacks: ['shop', 'orders'],
  tagKeys: ['env', 'cost centre'],
}

function completionOf(...words: readonly string[]) {
  const asked: string[] = []
  const from = <T>(source: string, answer: T) => {
    return (): T => {
      asked.push(source)
      return answer
    }
  }
  const {candidates, ending} = candidatesFor(readCommandLine(commands, words), commands, {
    names: from('names', names),
    profiles: from('profiles', ['prod', 'dev']),
    regions: from('regions', ['eu-west-1', 'eu-west-2', 'us-east-1']),
    zones: from('zones', ['Asia/Tokyo']),
    queries: from('queries', ['slowest', 'cold-starts']),
    scopes: from('scopes', ['prod']),
    runs: from('runs', ['20261120-140711-k3f9x2ab']),
  })
  return {values: candidates.map(({value}) => value), candidates, ending, asked: [...new Set(asked)]}
}

describe('what a word can become', () => {
  test('tune takes functions, and runs where it goes on with them or cleans up', () => {
    expect(completionOf('tune', '').values).toContain('checkout-api')
    for (const words of [
      ['--resume', ''],
      ['--cleanup', '2026'],
      ['--cleanup', '20261119-090000-aaaaaaaa', ''],
    ])
      expect(completionOf('tune', ...words)).toMatchObject({values: ['20261120-140711-k3f9x2ab'], asked: ['runs']})
    expect(completionOf('shift', '--resume', '2026')).toMatchObject({
      values: ['20261120-140711-k3f9x2ab'],
      asked: ['runs'],
    })
    expect(completionOf('shift', 'checkout-api', '--alias', '').values).toEqual(['live'])
    expect(completionOf('tune', '--payload-dir', '').ending).toBe('file')
  })

  test.each([
    [
      'the first word: a command',
      [''],
      ['autocomplete', 'errors', 'functions', 'help', 'logs', 'query', 'sandbox', 'shift', 'trace', 'tune', 'unused'],
    ],
    ['a saved query', ['query', ''], ['cold-starts', 'slowest']],
    ['what it is asked of', ['query', 'slowest', 'che'], ['checkout-api']],
    ['no target where an id is pasted', ['trace', 'che'], []],
    ['where logs are searched for a trace', ['trace', '1-6b005320-1d1e9504609a52ab2e8537c0', 'che'], ['checkout-api']],
    ['the same for what is piped in', ['trace', '-', 'che'], ['checkout-api']],
    ['a scope', ['logs', '--scope', 'p'], ['prod']],
    ['what to group by, tags among it', ['functions', '--by', ''], ['runtime', 'stack', 'tag:cost centre', 'tag:env']],
    ['a column', ['functions', '--columns', 're'], ['region', 'reserved']],
    ['the next column', ['functions', '--columns', 'function,me'], ['function,memory']],
    ['a column to sort by', ['functions', '--sort', 'me'], ['memory']],
    ['a verdict after another', ['unused', '--fail-on', 'broken,u'], ['broken,unknown', 'broken,unused']],
    ['no duration, where a word would do too', ['functions', '--baseline', ''], ['none']],
    ['its beginning', ['lo'], ['logs']],
    ['a command below another', ['sandbox', ''], ['serve']],
    ['help for a command', ['help', 'sand'], ['sandbox']],
    ['help for one below', ['help', 'sandbox', ''], ['serve']],
    ['the value of an argument', ['autocomplete', 'z'], ['zsh']],
    ['flags of the program', ['--'], ['--help', '--version']],
    ['no command at all', ['logz', ''], []],
    ['a function', ['logs', 'ch'], ['checkout-api']],
    ['a function of any command whose usage has TARGET', ['errors', 'ch'], ['checkout-api']],
    ['nothing of a command without targets', ['sandbox', 'serve', 'ch'], []],
    ['each of several targets', ['logs', 'checkout-api', 'ca'], ['catalog-api']],
    ['a function to take out', ['logs', '!ch'], ['!checkout-api']],
    ['a log group to take out', ['logs', '!/ecs'], ['!/ecs/payments']],
    [
      'what a function goes by',
      ['logs', 'checkout-api:'],
      ['checkout-api:$LATEST', 'checkout-api:42', 'checkout-api:live'],
    ],
    ['the beginning of an alias', ['logs', 'checkout-api:l'], ['checkout-api:live']],
    ['a function without aliases', ['logs', 'catalog-api:'], ['catalog-api:$LATEST']],
    ['what nobody knows', ['logs', 'nobody:'], []],
    ['no alias to take out', ['logs', '!checkout-api:'], []],
    ['a log group, where there is a slash', ['logs', '/'], ['/aws/lambda/checkout-api', '/ecs/payments']],
    ['nothing for a glob, which stands as it is', ['logs', 'check*'], []],
    ['nothing for an ARN', ['logs', 'arn:aws:lambda:'], []],
    ['a flag', ['logs', '--fo'], ['--follow']],
    ['a flag after a target', ['logs', 'checkout-api', '--st'], ['--stack']],
    ['both ways of a switch', ['logs', '--w'], ['--wrap']],
    ['the other way of it', ['logs', '--no-'], ['--no-wrap']],
    ['no flag that is given already', ['logs', '-f', '--fo'], []],
    ['a flag again that may be repeated', ['logs', '--tag', 'env=a', '--ta'], ['--tag']],
    ['no hidden flag', ['logs', '--sec'], []],
    ['after two dashes: no flag', ['logs', '--', '--fo'], []],
    ['after two dashes: a function', ['logs', '--', 'ch'], ['checkout-api']],
    ['a stack', ['logs', '--stack', ''], ['orders', 'shop']],
    ['a stack after an equals sign', ['logs', '--stack=s'], ['--stack=shop']],
    ['a log group without a slash', ['logs', '--log-group', 'p'], ['plain']],
    ['a log group to take out by the flag', ['logs', '--log-group', '!p'], ['!plain']],
    ['a region', ['logs', '-r', 'us'], ['us-east-1']],
    ['the last of several regions', ['logs', '--region=us-east-1,eu-west-2'], ['--region=us-east-1,eu-west-2']],
    [
      'several by the first letters',
      ['logs', '--region', 'us-east-1,eu'],
      ['us-east-1,eu-west-1', 'us-east-1,eu-west-2'],
    ],
    ['a profile', ['logs', '--profile', ''], ['dev', 'prod']],
    ['a level', ['logs', '--level', 'w'], ['warn']],
    ['a level of those that a command takes', ['errors', '--level', ''], ['error', 'fatal', 'warn']],
    ['a zone', ['logs', '--tz', 'Asia/T'], ['Asia/Tokyo']],
    ['one of a flag’s options', ['logs', '--engine', ''], ['auto', 'filter']],
    ['no value that only a person knows', ['logs', '--filter', ''], []],
    ['no function where a value is wanted', ['logs', '--filter', 'ch'], []],
    ['a function after the value of a flag', ['logs', '--filter', 'x', 'ch'], ['checkout-api']],
    ['a function after a value that looks like a flag', ['logs', '--filter', '--stack', 'ch'], ['checkout-api']],
  ])('%s', (_, words, values) => {
    expect(completionOf(...words).values).toEqual(values)
  })

  test('a tag goes on after its key, a file is the shell’s to complete', () => {
    expect(completionOf('logs', '--tag', '')).toMatchObject({values: ['cost centre=', 'env='], ending: 'open'})
    expect(completionOf('logs', '--out', '')).toMatchObject({values: [], ending: 'file'})
    expect(completionOf('logs', '--stack', '')).toMatchObject({ending: 'done'})
  })

  test('descriptions are one line', () => {
    expect(completionOf('lo').candidates).toEqual([{value: 'logs', description: 'Read logs'}])
    expect(completionOf('logs', '--fo').candidates).toEqual([{value: '--follow', description: 'go on'}])
  })

  test('only what is needed is read: a flag needs no names, so it starts no listing', () => {
    expect(completionOf('logs', '--fo').asked).toEqual([])
    expect(completionOf('logs', '--region', '').asked).toEqual(['regions'])
    expect(completionOf('logs', 'check*').asked).toEqual([])
    expect(completionOf('logs', 'c').asked).toEqual(['names'])
  })
})

describe('flags before the cursor', () => {
  test.each([
    [['--region', 'a', '--region=b'], {region: ['a', 'b']}],
    [['-r', 'a', '-rb', '-r=c'], {region: ['a', 'b', 'c']}],
    [['--follow', '--unknown', 'x'], {follow: []}],
    [['--region', ''], {region: ['']}],
    [['--', '--region', 'a'], {}],
  ])('%j', (words, given) => {
    expect(Object.fromEntries(readCommandLine(commands, ['logs', ...words, '']).given)).toEqual(given)
  })
})
