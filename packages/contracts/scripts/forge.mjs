#!/usr/bin/env node
// forge with this package's compiler, from any directory and whatever PATH says: `node scripts/forge.mjs test -vv`.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The binary of this platform, a dependency of the wrapper package that pnpm does not hoist. */
const findForge = () => {
  const wrapper = createRequire(import.meta.url).resolve('@foundry-rs/forge/package.json')
  const platform = `@foundry-rs/forge-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  return `${dirname(createRequire(wrapper).resolve(`${platform}/package.json`))}/bin/forge`
}

/** Starts forge in the package folder; the compiler shim finds this same node first on its PATH. */
export const spawnForge = (args, stdio) =>
  spawn(findForge(), args, {
    cwd: root,
    stdio,
    env: {
      ...process.env,
      FOUNDRY_SOLC: fileURLToPath(new URL('solc.mjs', import.meta.url)),
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    },
  })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  spawnForge(process.argv.slice(2), 'inherit').on('close', (code) => {
    process.exitCode = code ?? 70
  })
}
