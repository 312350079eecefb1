import type { AnyCommand } from '../command/command.js'
import { audit } from './audit.js'
import { chainStart } from './chain.js'
import { configShow } from './config.js'
import { deploy } from './deploy.js'
import { infer } from './infer.js'
import { keeper } from './keeper.js'
import { keyConsent, keyList, keyNew } from './key.js'
import { metagraph } from './metagraph.js'
import { minerStart } from './miner.js'
import { register } from './register.js'
import { simulateEpoch } from './simulate.js'
import { stakeAdd, stakeClaim, stakeList, stakeRemove, stakeWithdraw } from './stake.js'
import { status } from './status.js'
import { subnetCreate, subnetList, subnetShow } from './subnet.js'
import { up } from './up.js'
import { validatorStart } from './validator.js'

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  up,
  status,
  metagraph,
  infer,
  register,
  keyNew,
  keyList,
  keyConsent,
  stakeAdd,
  stakeRemove,
  stakeWithdraw,
  stakeClaim,
  stakeList,
  subnetCreate,
  subnetList,
  subnetShow,
  minerStart,
  validatorStart,
  keeper,
  audit,
  simulateEpoch,
  configShow,
  deploy,
  chainStart,
]
