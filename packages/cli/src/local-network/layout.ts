import { join } from 'node:path'

/** Where the local network keeps what, below its home folder. */
export const layout = (home: string) => ({
  home,
  lock: join(home, 'lock'),
  password: join(home, 'password'),
  chainState: join(home, 'chain.json'),
  deployFile: join(home, 'deploy.yaml'),
  networkFile: join(home, 'network.yaml'),
  config: (name: string) => join(home, 'config', `${name}.yaml`),
  data: (name: string) => join(home, 'data', name),
  log: (name: string) => join(home, 'log', `${name}.log`),
  /** What the people of a scenario make. */
  scenario: (...parts: string[]) => join(home, 'scenario', ...parts),
})

export type Layout = ReturnType<typeof layout>

const OWN_ENTRY =
  /^(keys|config|data|log|locks|scenario|channels|password|chain\.json.*|network\.yaml|deploy\.yaml|transactions\.sqlite.*)$/

/** Whether a local network made this entry of its home folder; the lock itself is held and stays. */
export const isOwnEntry = (name: string): boolean => OWN_ENTRY.test(name)
