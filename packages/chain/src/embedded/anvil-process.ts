import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import { anvilBinary } from './anvil-binary.js'
import { watchProcess } from './watchdog.js'

const HOST = '127.0.0.1'
const START_TIMEOUT_MS = 15_000
const STOP_TIMEOUT_MS = 5_000
/** Kept of what anvil prints, for the error when it does not start. */
const OUTPUT_TAIL_CHARACTERS = 400

export interface AnvilArguments {
  readonly port: number
  readonly chainId: number
  /** 0 mines a block for every transaction at once. */
  readonly blockTimeSeconds: number
  readonly loadState: string | undefined
}

export interface AnvilProcess {
  readonly pid: number
  readonly port: number
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
  /** SIGINT, and SIGKILL when that is not enough. */
  stop(): Promise<void>
}

/** Starts anvil in a session of its own, so that Ctrl-C reaches it last, and waits until it listens. */
export async function startAnvil(options: AnvilArguments, clock: Clock, signal: AbortSignal): Promise<AnvilProcess> {
  // anvil keeps caches and old states in the home folder: it gets one of its own, which ends with it.
  const home = await mkdtemp(join(tmpdir(), 'witan-chain-'))
  const child = spawn(anvilBinary(), argumentsOf(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: home },
    detached: true,
  })
  const watchdog = child.pid === undefined ? undefined : watchProcess(child.pid, home)
  const ended = endOf(child).then(async (how) => {
    watchdog?.release()
    await rm(home, { recursive: true, force: true })
    return how
  })
  const stop = () => stopChild(child, ended, clock)
  try {
    const port = await listeningPort(child, ended, clock, signal)
    return { pid: child.pid!, port, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function argumentsOf({ port, chainId, blockTimeSeconds, loadState }: AnvilArguments): string[] {
  const settings = ['--host', HOST, '--port', String(port), '--chain-id', String(chainId), '--accounts', '0']
  // The cap of EIP-7825, so that nothing passes here that a public chain refuses.
  settings.push('--enable-tx-gas-limit', '--no-cors', '--disable-console-log', '--no-request-size-limit')
  if (blockTimeSeconds > 0) settings.push('--block-time', String(blockTimeSeconds))
  if (loadState !== undefined) settings.push('--load-state', loadState)
  return settings
}

async function listeningPort(
  child: ChildProcess,
  ended: Promise<string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  using deadline = clock.timeout(START_TIMEOUT_MS, signal)
  let output = ''
  return new Promise<number>((resolve, reject) => {
    const onOutput = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_TAIL_CHARACTERS * 10)
      const port = /Listening on \S*:(\d+)/.exec(output)?.[1]
      if (port === undefined) return
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', onOutput).resume()
      resolve(Number(port))
    }
    child.stdout?.on('data', onOutput)
    child.stderr?.on('data', onOutput)
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true })
    void ended.then((how) => reject(startFailure(how, output)))
  })
}

function startFailure(how: string, output: string): WitanError {
  const reason = output.trim().split('\n').at(-1)?.slice(-OUTPUT_TAIL_CHARACTERS) || how
  return new WitanError('EMBEDDED_CHAIN_FAILED', 'The embedded chain did not start', { facts: { reason } })
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit status ${code}` : `signal ${signal}`))
  })
}

async function stopChild(child: ChildProcess, ended: Promise<string>, clock: Clock): Promise<void> {
  child.kill('SIGINT')
  const cancel = clock.schedule(STOP_TIMEOUT_MS, () => void child.kill('SIGKILL'))
  await ended
  cancel()
}
