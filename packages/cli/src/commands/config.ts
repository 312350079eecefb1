import { resolve } from 'node:path'
import { formatAmount } from '@witan/chain'
import { isSecretName, listSettings, loadConfiguration } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, toggle } from '../command/option.js'
import { asChoice, asText } from '../command/parse.js'
import { renderTable } from '../output/table.js'

const ENV_PREFIX = 'WITAN_'

interface ShownOption {
  readonly option: string
  readonly value: unknown
  readonly origin: string
  readonly environment: string
}

export const configShow = defineCommand({
  path: ['config', 'show'],
  summary: 'Show every option of a daemon, its value and where the value comes from',
  options: {
    role: option.required('--role <role>', 'miner or validator', asChoice('miner', 'validator')),
    config: option.optional('--config <file>', "the daemon's YAML file", asText),
    origin: toggle('--origin', 'show where each value comes from'),
  },
  examples: ['config show --role validator', 'config show --role miner --config miner.yaml --origin'],
  async run({ role, config, origin }, { env, directory }) {
    const schema = await schemaOf(role)
    const file = config === undefined ? undefined : resolve(directory, config)
    const { values, origins } = loadConfiguration({
      // Without a file this is the list of all options: the required ones may be missing.
      schema: config === undefined ? schema.partial() : schema,
      env,
      file,
    })
    const options = listSettings(schema, ENV_PREFIX).map(({ path, environmentName }): ShownOption => {
      const value = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values)
      return {
        option: path,
        // Amounts as they are written, in tokens.
        value: isSecretName(path) ? '[redacted]' : typeof value === 'bigint' ? formatAmount(value) : (value ?? null),
        // As the user wrote it: an absolute path would push the column out of the terminal.
        origin: (origins[path] ?? 'not set').replace(file ?? '', config ?? ''),
        environment: environmentName,
      }
    })
    return { options, showOrigin: origin }
  },
  render({ options, showOrigin }, { terminal }) {
    const columns = [
      { title: 'OPTION', value: ({ option }: ShownOption) => option },
      {
        title: 'VALUE',
        value: ({ value }: ShownOption) =>
          typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value),
      },
      { title: 'ORIGIN', value: ({ origin }: ShownOption) => origin },
    ]
    return renderTable(showOrigin ? columns : columns.slice(0, 2), options, terminal.columns)
  },
})

/** Loaded when asked for: see `miner start`. */
async function schemaOf(role: 'miner' | 'validator') {
  if (role === 'miner') return (await import('@witan/miner')).minerConfigSchema
  return (await import('@witan/validator')).validatorConfigSchema
}
