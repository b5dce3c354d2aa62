/** Names of the profiles in files of the shared AWS configuration: `[profile name]`, or `[name]` as in the credentials. */
export function profileNames(texts: readonly string[]): readonly string[] {
  const sections = texts.flatMap(text =>
    [...text.matchAll(/^[ \t]*\[([^\]\n]*)\]/gm)].map(([, name = '']) => name.trim()),
  )
  const names = sections
    .filter(name => !/^(sso-session|services)\s/.test(name))
    .map(name => /^profile\s+(["']?)(.*)\1$/.exec(name)?.[2] ?? name)
  return [...new Set(names)].filter(name => /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(name))
}
