const SECRET_NAMES = ['password', 'privateKey', 'secret', 'mnemonic'] as const
const SECRET_PATTERN = /password|passphrase|privatekey|secret|mnemonic|apikey/

/** Where pino looks for secrets in logged data: the names themselves, in the data and in objects up to two levels down. */
export const LOG_REDACTION_PATHS: readonly string[] = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Whether the value at this key or dotted path must not be printed. `passwordFile` names a file and may be. */
export function isSecretName(path: string): boolean {
  const name = path
    .slice(path.lastIndexOf('.') + 1)
    .replaceAll(/[_-]/g, '')
    .toLowerCase()
  return SECRET_PATTERN.test(name) && !name.endsWith('file')
}
