import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../base-command.ts'
import {listNames} from '../services/completion/list-names.ts'
import {forgetOldNames, readNames, writeNames} from '../services/completion/name-cache.ts'

const listsMs = 8_000
const allMs = 20_000

export default class RefreshNames extends BaseCommand {
  static override summary = 'List the names that shell completion knows; a TAB runs it in the background'
  static override hidden = true
  static override flags = {into: Flags.string({required: true, helpValue: 'FILE', description: 'where they are kept'})}

  async run(): Promise<void> {
    const {flags} = await this.parse(RefreshNames)
    const [aws] = await this.aws(flags)
    if (!aws) return
    const within = (ms: number): AbortSignal => AbortSignal.any([this.signal, AbortSignal.timeout(ms)])
    const listing = listNames(aws, readNames(flags.into).names, {lists: within(listsMs), all: within(allMs)})
    for await (const names of listing) writeNames(flags.into, names)
    forgetOldNames(flags.into)
  }
}
