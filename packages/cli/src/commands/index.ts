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
import { modelEvaluate } from './model/evaluate.js'
import { modelTrain } from './model/train.js'
import { deregister, operatorReplace } from './operator.js'
import { quoteRegister } from './quote/register.js'
import { register } from './register.js'
import { simulateEpoch } from './simulate.js'
import { stakeAdd } from './stake/add.js'
import { stakeClaim } from './stake/claim.js'
import { stakeList } from './stake/list.js'
import { stakeMove } from './stake/move.js'
import { stakeRemove, stakeWithdraw } from './stake/remove.js'
import { stakeTake } from './stake/take.js'
import { stakeDelegate, stakeSync } from './stake/votes.js'
import { stakeWizard } from './stake/wizard.js'
import { status } from './status.js'
import { subnetCreate } from './subnet/create.js'
import { subnetDissolve, subnetReleaseLock } from './subnet/dissolve.js'
import { subnetGauge, subnetGaugePoint } from './subnet/gauge.js'
import { subnetHyperparameters } from './subnet/hyperparameters.js'
import { subnetList, subnetShow } from './subnet/list.js'
import { subnetMembers, subnetPropose, subnetVote } from './subnet/members.js'
import { subnetOwnSlots } from './subnet/own-slots.js'
import { subnetSet } from './subnet/set.js'
import { up } from './up.js'
import { validatorStart } from './validator.js'

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  up,
  status,
  metagraph,
  infer,
  quoteRegister,
  register,
  deregister,
  operatorReplace,
  keyNew,
  keyList,
  keyConsent,
  stakeAdd,
  stakeRemove,
  stakeWithdraw,
  stakeMove,
  stakeClaim,
  stakeList,
  stakeSync,
  stakeDelegate,
  stakeTake,
  stakeWizard,
  subnetCreate,
  subnetList,
  subnetShow,
  subnetHyperparameters,
  subnetSet,
  subnetGauge,
  subnetGaugePoint,
  subnetOwnSlots,
  subnetMembers,
  subnetPropose,
  subnetVote,
  subnetDissolve,
  subnetReleaseLock,
  modelTrain,
  modelEvaluate,
  minerStart,
  validatorStart,
  keeper,
  audit,
  simulateEpoch,
  configShow,
  deploy,
  chainStart,
]
