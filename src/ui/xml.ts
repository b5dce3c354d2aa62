import {printableName} from './printable.ts'

// what XML 1.0 may not hold, besides what is made visible before
const notInXml = /[\ufffe\uffff]/g

/** Text on one line that XML, between tags and in quotes, shows as it is; what a terminal would obey is made visible there too. */
export function xmlText(text: string): string {
  return printableName(text)
    .replaceAll(notInXml, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
