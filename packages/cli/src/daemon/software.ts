import { readFileSync } from 'node:fs'

const { name, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

export const VERSION: string = version

/** How the program names itself to others: `witan/0.1.0`. */
export const SOFTWARE = `${name}/${version}`
