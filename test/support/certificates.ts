import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes an authority: `NAME.crt`, `NAME.key`. */
export async function makeAuthority(folder: string, name: string): Promise<void> {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`]
  await run('openssl', ['req', '-x509', ...newKey, ...files, '-subj', `/CN=${name}`, '-days', '2'], { cwd: folder })
}

/** Makes a certificate that the authority signs, for a host or, with `subject`, for a user. */
export async function makeCertificate(
  folder: string,
  { name, authority, subject, host }: { name: string; authority: string; subject: string; host?: string },
): Promise<void> {
  const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`]
  await run('openssl', ['req', ...newKey, ...request], { cwd: folder })
  await writeFile(join(folder, `${name}.ext`), host === undefined ? '' : `subjectAltName=${host}\n`)
  const sign = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', '2']
  const words = ['x509', '-req', '-in', `${name}.csr`, ...sign, '-extfile', `${name}.ext`, '-out', `${name}.crt`]
  await run('openssl', words, { cwd: folder })
}
