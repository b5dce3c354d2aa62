import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export type PeerCertificate = Disposable & {
  /** null: there is no openssl to make it with */
  readonly files: {readonly key: string; readonly cert: string} | null
}

/** A certificate of AWS's logs endpoint, made for this run and gone with it, for a tool that knows no other endpoint. */
export function peerCertificate(): PeerCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'peers-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const name = 'logs.eu-west-1.amazonaws.com'
  const made = succeeds('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
  ])
  return {
    files: made ? {key, cert} : null,
    [Symbol.dispose]: () => rmSync(folder, {recursive: true, force: true}),
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}
