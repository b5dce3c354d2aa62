import {cp, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Hook} from '@oclif/core/hooks'

/** Where @oclif/plugin-autocomplete's set-up leads each shell, below its functions; for fish it has none. */
const scripts = {
  'slsops.bash': 'bash/slsops.bash',
  _slsops: 'zsh/_slsops',
  'slsops.fish': 'fish/slsops.fish',
} as const

/**
 * Each time that the plugin has written its scripts, puts ours in their place: its own know commands and flags, but no
 * names, and no flag after a TARGET.
 */
const autocompleteScripts: Hook.Postrun = async ({Command, argv, config, context}) => {
  if (Command.id !== 'autocomplete' && Command.id !== 'autocomplete:create') return
  const functions = join(config.cacheDir, 'autocomplete', 'functions')
  await mkdir(join(functions, 'fish'), {recursive: true})
  await Promise.all(
    Object.entries(scripts).map(([name, place]) => cp(join(config.root, 'shell', name), join(functions, place))),
  )
  if (Command.id === 'autocomplete' && argv.length === 0 && config.shell === 'fish')
    context.log(`For fish:\n\n  echo source ${join(functions, scripts['slsops.fish'])} >> ~/.config/fish/config.fish\n`)
}

export default autocompleteScripts
