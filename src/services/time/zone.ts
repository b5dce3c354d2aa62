import {usageError} from '../../errors.ts'

/**
 * The IANA name of a time zone given as `local`, `UTC` or an IANA name in any case; `local` is the machine's, UTC where that has no name.
 * @throws UserError (exit 2) for a zone nobody knows, with the nearest names
 */
export function zoneNamed(text: string): string {
  const name = text.trim()
  if (name.toLowerCase() === 'utc') return 'UTC'
  if (name.toLowerCase() === 'local') return localZone()
  try {
    return new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone
  } catch {
    throw usageError(name === '' ? 'The time zone is empty' : `${name} is not a time zone`, suggestion(name))
  }
}

function localZone(): string {
  const {timeZone} = new Intl.DateTimeFormat('en').resolvedOptions()
  // with a TZ that ICU cannot name this is undefined or Etc/Unknown, whatever its type says
  return timeZone && timeZone !== 'Etc/Unknown' ? timeZone : 'UTC'
}

function suggestion(name: string): string {
  const wanted = name.toLowerCase().replace(/\s+/g, '_')
  const near =
    wanted === '' ? [] : Intl.supportedValuesOf('timeZone').filter(zone => zone.toLowerCase().includes(wanted))
  const forms = 'Give local, UTC or an IANA name such as Europe/Berlin.'
  return near.length > 0 ? `Did you mean ${near.slice(0, 3).join(', ')}? ${forms}` : forms
}
