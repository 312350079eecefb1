import { deployFileSchema, networkFileSchema } from '../../packages/chain/dist/src/index.js'
import { minerConfigSchema } from '../../packages/miner/dist/src/index.js'
import { listSettings, z } from '../../packages/runtime/dist/src/index.js'
import { validatorConfigSchema } from '../../packages/validator/dist/src/index.js'
import { code, page, table } from './markdown.mjs'

const INTRO = `Precedence: flag, environment, YAML file, network file, default; \`witan config show --role miner --config miner.yaml --origin\` tells where each value comes from.
\`NAME_FILE\` names a file that holds the value of the variable \`NAME\`. Lists in the environment are YAML or JSON: \`WITAN_ADMIT='["0x…"]'\`. A key that no option has is an error.
Relative paths begin at the folder of the YAML file, those from the environment too. The examples are [miner.yaml](../../configs/miner.yaml) and [validator.yaml](../../configs/validator.yaml).`

const COMMAND_VARIABLES = [
  ['WITAN_HOME', 'folder with keys and the network file, as `--home`'],
  ['WITAN_NETWORK', 'network file, as `--network`; relative to the current directory'],
  ['WITAN_PASSWORD_FILE', 'file that holds the password of the keystore, as `--password-file`'],
  ['WITAN_MODELS', 'folder of model manifests, searched before those of the release'],
  [
    'WITAN_POLICIES',
    'folder of policy documents, `<digest>.json`, searched before `policies` in the folders of manifests',
  ],
  ['NO_COLOR', 'any value: no colours'],
  ['CI', 'any value: nothing is asked and no table is redrawn'],
]

export function configurationPage() {
  return page('Configuration', INTRO, [
    '## Miner',
    settingsTable(minerConfigSchema),
    '## Validator',
    settingsTable(validatorConfigSchema),
    '## Environment of the commands',
    table(
      ['variable', 'meaning'],
      COMMAND_VARIABLES.map(([name, meaning]) => [code(name), meaning]),
    ),
    '## Network file',
    'Written by `witan deploy`, the same for everyone on a network. YAML or JSON.',
    keysTable(networkFileSchema),
    '## Deploy file',
    'Read by `witan deploy`; fixed for ever once deployed. Amounts in tokens, times in seconds.',
    keysTable(deployFileSchema),
  ])
}

const settingsTable = (schema) =>
  table(
    ['option', 'environment', 'meaning', 'type', 'default'],
    listSettings(schema, 'WITAN_').map(({ path, environmentName, description = '', schema: leaf }) => [
      code(path),
      code(environmentName),
      description,
      typeOf(leaf),
      defaultOf(leaf),
    ]),
  )

const keysTable = (schema) =>
  table(
    ['key', 'type', 'default'],
    listSettings(schema, '').map(({ path, schema: leaf }) => [code(path), typeOf(leaf), defaultOf(leaf)]),
  )

function defaultOf(schema) {
  const { success, data } = z.safeParse(schema, undefined)
  if (!success) return '**required**'
  return code(typeof data === 'bigint' ? `${data / 10n ** 18n} tokens` : JSON.stringify(data))
}

function typeOf(schema) {
  return describeType(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
}

function describeType({ type, enum: choices, anyOf, items, properties, minItems, ...bounds }) {
  if (choices !== undefined) return choices.join(', ')
  // Only amounts are written as text or as a number.
  if (anyOf !== undefined) return 'amount'
  if (type === 'array') return `list of ${describeType(items)}${minItems === undefined ? '' : `, at least ${minItems}`}`
  if (type === 'object') return `{${Object.keys(properties).join(', ')}}`
  if (type === 'integer') return `whole number${rangeOf(bounds)}`
  return type === 'string' ? 'text' : type
}

function rangeOf({ minimum, exclusiveMinimum = minimum - 1, maximum }) {
  const least = exclusiveMinimum + 1
  const low = least > Number.MIN_SAFE_INTEGER ? ` from ${least}` : ''
  return maximum < Number.MAX_SAFE_INTEGER ? `${low} to ${maximum}` : low
}
