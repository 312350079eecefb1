// While the `witan` package is packed it holds a copy of configs/: the model manifests that the program looks up and
// the examples that an operator copies.
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../configs', import.meta.url))
const copy = fileURLToPath(new URL('../packages/cli/configs', import.meta.url))

rmSync(copy, { recursive: true, force: true })
if (process.argv[2] === 'add') cpSync(source, copy, { recursive: true })
