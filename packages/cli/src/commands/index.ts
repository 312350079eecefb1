import type { AnyCommand } from '../command/command.js'
import { audit } from './audit.js'
import { chainStart } from './chain.js'
import { configShow } from './config.js'
import { datasetBuild } from './dataset/build.js'
import { datasetCorrect } from './dataset/correct.js'
import { datasetFlag } from './dataset/flag.js'
import { datasetOrder } from './dataset/order.js'
import { datasetPay } from './dataset/pay.js'
import { datasetProof } from './dataset/proof.js'
import { datasetPublish } from './dataset/publish.js'
import { datasetRoyalty } from './dataset/royalty.js'
import { datasetShow } from './dataset/show.js'
import { datasetSetCurators, datasetSetListed, datasetSetPrice } from './dataset/terms.js'
import { datasetProveUncorrected, datasetSweep } from './dataset/uncorrected.js'
import { datasetVerify } from './dataset/verify.js'
import { datasetVote } from './dataset/vote.js'
import { deploy } from './deploy.js'
import { forkAdopt, forkSweep } from './fork/adopt.js'
import { forkClaim } from './fork/claim.js'
import { forkDeploy } from './fork/deploy.js'
import { forkExport } from './fork/export.js'
import { forkProposal } from './fork/proposal.js'
import { forkShow } from './fork/show.js'
import { govCancel } from './gov/cancel.js'
import { govList, govShow } from './gov/list.js'
import { govPropose } from './gov/propose.js'
import { govTimeline } from './gov/timeline.js'
import { govDelegate, govExecute, govQueue, govVote } from './gov/vote.js'
import { infer } from './infer.js'
import { keeper } from './keeper.js'
import { keyConsent, keyList, keyNew } from './key.js'
import { metagraph } from './metagraph.js'
import { minerStart } from './miner.js'
import { modelActivate } from './model/activate.js'
import { modelEvaluate } from './model/evaluate.js'
import { modelDemote, modelSetFloor } from './model/floor.js'
import { modelFork, modelForkShare, modelRetire } from './model/own.js'
import { modelPolicy, modelSetPolicy } from './model/policy.js'
import { modelPublish } from './model/publish.js'
import { modelShow } from './model/show.js'
import { modelTrain } from './model/train.js'
import { deregister, operatorReplace } from './operator.js'
import { payClose } from './pay/close.js'
import { payDistribute, payValidators } from './pay/distribute.js'
import { payOpen } from './pay/open.js'
import { payRevenue } from './pay/revenue.js'
import { payStatus } from './pay/status.js'
import { payTopUp } from './pay/top-up.js'
import { payWithdraw } from './pay/withdraw.js'
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
import { subnetSetPolicy } from './subnet/set-policy.js'
import { up } from './up.js'
import { validatorStart } from './validator.js'
import { watchAccusations } from './watch/accusations.js'
import { watchFaults } from './watch/faults.js'

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
  payOpen,
  payTopUp,
  payClose,
  payStatus,
  payRevenue,
  payDistribute,
  payValidators,
  payWithdraw,
  subnetCreate,
  subnetList,
  subnetShow,
  subnetHyperparameters,
  subnetSet,
  subnetSetPolicy,
  subnetGauge,
  subnetGaugePoint,
  subnetOwnSlots,
  subnetMembers,
  subnetPropose,
  subnetVote,
  subnetDissolve,
  subnetReleaseLock,
  datasetBuild,
  datasetVerify,
  datasetProof,
  datasetPublish,
  datasetShow,
  datasetVote,
  datasetFlag,
  datasetCorrect,
  datasetOrder,
  datasetPay,
  datasetRoyalty,
  datasetSweep,
  datasetProveUncorrected,
  datasetSetPrice,
  datasetSetCurators,
  datasetSetListed,
  modelPublish,
  modelShow,
  modelActivate,
  modelRetire,
  modelDemote,
  modelSetFloor,
  modelFork,
  modelForkShare,
  modelPolicy,
  modelSetPolicy,
  govList,
  govShow,
  govPropose,
  govVote,
  govDelegate,
  govQueue,
  govExecute,
  govCancel,
  govTimeline,
  modelTrain,
  modelEvaluate,
  minerStart,
  validatorStart,
  keeper,
  watchFaults,
  watchAccusations,
  audit,
  simulateEpoch,
  configShow,
  deploy,
  forkExport,
  forkDeploy,
  forkShow,
  forkClaim,
  forkProposal,
  forkAdopt,
  forkSweep,
  chainStart,
]
