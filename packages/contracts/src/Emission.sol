// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Gauge} from "./Gauge.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {IWitanToken} from "./interfaces/IWitanToken.sol";
import {AccrualLanes} from "./libraries/AccrualLanes.sol";
import {EmissionBooks} from "./libraries/EmissionBooks.sol";
import {EmissionSplit} from "./libraries/EmissionSplit.sol";
import {NodePlaces} from "./libraries/NodePlaces.sol";
import {ValueTrace} from "./libraries/ValueTrace.sol";

contract Emission is IEmission, Gauge {
    using AccrualLanes for AccrualLanes.Lanes;
    using EmissionBooks for EmissionBooks.Books;
    using NodePlaces for NodePlaces.Place[];
    using ValueTrace for uint256[];

    /// @dev `nodeId` lost slot `uid` at `leftAt`.
    struct Departure {
        uint64 nodeId;
        uint48 leftAt;
        uint16 uid;
    }

    uint256 private constant GWEI = EmissionSplit.GWEI;

    address public immutable token;
    address public immutable consensus;

    /// @inheritdoc IEmission
    mapping(address settler => uint256) public bounties;
    mapping(uint16 netuid => EmissionBooks.Books) private _booksOf;
    mapping(uint16 netuid => AccrualLanes.Lanes) private _lanes;
    /// @dev Wei that nodes earned in slots they lost: for their owners by subnet, and for their pools.
    mapping(uint16 netuid => mapping(uint64 nodeId => uint256)) private _credited;
    mapping(uint64 nodeId => uint256) private _poolCredited;
    mapping(uint64 nodeId => NodePlaces.Place[]) private _placesOf;
    mapping(uint16 netuid => Departure[]) private _departures;
    /// @dev A word of `ValueTrace`: the largest bounty for epochs that end at or after its moment.
    uint256 private _bountyCap;
    /// @dev Those before it, for epochs that ended earlier and are settled only now.
    uint256[] private _pastBountyCaps;

    constructor(
        address token_,
        address vault_,
        address subnets_,
        address consensus_,
        address authority_,
        EmissionTerms memory terms
    ) Gauge(vault_, subnets_, authority_, _scheduleCap(token_), terms.gaugePeriod, terms.maxShareBps) {
        token = token_;
        consensus = consensus_;
        _bountyCap = terms.bountyCap;
        emit BountyCapSet(terms.bountyCap, 0);
    }

    /// @inheritdoc IEmission
    function setBountyCap(uint128 bountyCap_) external restricted {
        _pastBountyCaps.push(_bountyCap);
        uint48 since = uint48(block.timestamp + 1); // seconds have 48 bits
        _bountyCap = ValueTrace.pack(since, bountyCap_);
        emit BountyCapSet(bountyCap_, since);
    }

    /// @inheritdoc IEmission
    function payEpoch(uint16 netuid, uint64 epoch, Payment calldata payment) external returns (uint256 emission) {
        if (msg.sender != consensus) revert NotConsensus(msg.sender, consensus);
        EmissionBooks.Books memory books = _booksOf[netuid];
        if (payment.end <= books.accountedUntil) revert EpochAlreadyPaid(netuid, payment.end, books.accountedUntil);
        uint256 scheduled = _dueUntil(netuid, payment.end) - books.scheduled;
        emission = scheduled + books.carried();

        Paid memory paid = _pay(netuid, emission, payment);
        paid.scheduled = scheduled;
        if (paid.bounty > 0) bounties[payment.settler] += paid.bounty;
        books.recordEpoch(paid, payment.end);
        _booksOf[netuid] = books;
        emit EpochPaid(netuid, epoch, payment.settler, paid);
    }

    /// @inheritdoc IEmission
    function slotAssigned(uint16 netuid, uint16 uid, uint64 nodeId) external onlySubnets {
        _placesOf[nodeId].take(netuid, uid, nodeId);
    }

    /// @inheritdoc IEmission
    function creditSlot(uint16 netuid, uint16 uid, uint64 nodeId) external onlySubnets {
        uint256 owed = _lanes[netuid].clearOwed(uid) * GWEI;
        uint256 pooled = _lanes[netuid].clearPooled(uid) * GWEI;
        _placesOf[nodeId].lose(netuid);
        _departures[netuid].push(Departure(nodeId, uint48(block.timestamp), uid));
        _credit(netuid, nodeId, owed, pooled);
        emit SlotCredited(netuid, uid, nodeId, owed, pooled);
    }

    /// @inheritdoc IEmission
    function pullPool(uint64 nodeId) external onlyVault returns (uint256 amount) {
        amount = _poolCredited[nodeId];
        if (amount > 0) _poolCredited[nodeId] = 0;
        NodePlaces.Place[] memory places = _placesOf[nodeId];
        for (uint256 i = 0; i < places.length; ++i) {
            if (places[i].held) amount += _lanes[places[i].netuid].clearPooled(places[i].uid) * GWEI;
        }
        if (amount == 0) return 0;
        emit PoolPulled(nodeId, amount);
        _mint(msg.sender, amount);
    }

    /// @inheritdoc IEmission
    function claim(uint16 netuid, uint64[] calldata nodeIds) external returns (uint256 amount) {
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            amount += _claim(netuid, nodeIds[i]);
        }
    }

    /// @inheritdoc IEmission
    function claimAll(uint64[] calldata nodeIds) external returns (uint256 amount) {
        for (uint256 i = 0; i < nodeIds.length; ++i) {
            NodePlaces.Place[] memory places = _placesOf[nodeIds[i]];
            for (uint256 k = 0; k < places.length; ++k) {
                amount += _claim(places[k].netuid, nodeIds[i]);
            }
        }
    }

    /// @inheritdoc IEmission
    function claimOwnerCut(uint16 netuid) external returns (uint256 amount) {
        amount = ownerClaimable(netuid);
        if (amount == 0) return 0;
        _booksOf[netuid].ownerAccrued = 0;
        address owner = subnets.ownerOf(netuid);
        emit OwnerCutClaimed(netuid, owner, amount);
        _payOut(netuid, owner, amount);
    }

    /// @inheritdoc IEmission
    function claimBounty() external returns (uint256 amount) {
        amount = bounties[msg.sender];
        if (amount == 0) return 0;
        bounties[msg.sender] = 0;
        emit BountyClaimed(msg.sender, amount);
        _mint(msg.sender, amount);
    }

    /// @inheritdoc IEmission
    function claimable(uint16 netuid, uint64 nodeId) external view returns (uint256 amount) {
        amount = _credited[netuid][nodeId];
        (bool held, uint16 uid) = _placesOf[nodeId].holding(netuid);
        if (held) amount += _lanes[netuid].owedTo(uid) * GWEI;
    }

    /// @inheritdoc IEmission
    function ownerClaimable(uint16 netuid) public view returns (uint256) {
        return _booksOf[netuid].ownerAccrued * GWEI;
    }

    /// @inheritdoc IEmission
    function poolAccrued(uint64 nodeId) external view returns (uint256 amount) {
        amount = _poolCredited[nodeId];
        NodePlaces.Place[] memory places = _placesOf[nodeId];
        for (uint256 i = 0; i < places.length; ++i) {
            if (places[i].held) amount += _lanes[places[i].netuid].pooledFor(places[i].uid) * GWEI;
        }
    }

    /// @inheritdoc IEmission
    function subnetsOf(uint64 nodeId) external view returns (uint16[] memory netuids) {
        NodePlaces.Place[] memory places = _placesOf[nodeId];
        netuids = new uint16[](places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            netuids[i] = places[i].netuid;
        }
    }

    /// @inheritdoc IEmission
    function bountyCap() external view returns (uint256 cap) {
        (, cap) = ValueTrace.unpack(_bountyCap);
    }

    /// @inheritdoc IEmission
    function supply() external view returns (Supply memory sums) {
        // A total of its own would cost every settlement two words.
        for (uint16 netuid = subnets.subnetCount(); netuid > 0; --netuid) {
            _booksOf[netuid].addTo(sums);
        }
    }

    /// @inheritdoc IEmission
    function supplyOf(uint16 netuid) external view returns (Supply memory sums) {
        _booksOf[netuid].addTo(sums);
    }

    /// @inheritdoc IEmission
    function accountedUntil(uint16 netuid) external view returns (uint48) {
        return _booksOf[netuid].accountedUntil;
    }

    /// @dev Splits the emission and accrues the pay of the slots.
    function _pay(uint16 netuid, uint256 emission, Payment calldata payment) private returns (Paid memory paid) {
        paid.emission = emission;
        paid.carried = emission;
        if (!payment.staked) return paid;
        EmissionSplit.Parts memory parts = EmissionSplit.partsDown(emission, _bountyCapAt(payment.end), payment);
        paid.bounty = parts.bounty * GWEI;
        paid.owner = parts.owner * GWEI;
        if (!payment.voted) (paid.notMinted, parts.miners) = (parts.miners * GWEI, 0);

        AccrualLanes.Sums memory sums = _lanes[netuid].addEpoch(parts, payment);
        _redirectPay(netuid, parts, payment);
        paid.incentive = (sums.incentive - sums.own) * GWEI;
        paid.take = sums.take * GWEI;
        paid.pooled = sums.pooled * GWEI;
        paid.notMinted += sums.own * GWEI;
        paid.carried -= paid.bounty + paid.owner + paid.incentive + paid.take + paid.pooled + paid.notMinted;
    }

    /// @dev A slot that changed hands at or after the epoch's end: its pay goes to who held it then, the first to leave.
    function _redirectPay(uint16 netuid, EmissionSplit.Parts memory parts, Payment calldata payment) private {
        Departure[] storage departures = _departures[netuid];
        uint256 length = departures.length;
        uint256 next = length;
        while (next > 0 && departures[next - 1].leftAt >= payment.end) {
            --next;
        }
        if (next == length) return;
        bool[] memory redirected = new bool[](payment.uids);
        for (; next < length; ++next) {
            uint16 uid = departures[next].uid;
            if (uid >= payment.uids || redirected[uid]) continue;
            redirected[uid] = true;
            _redirect(netuid, uid, departures[next].nodeId, parts, payment);
        }
    }

    function _redirect(
        uint16 netuid,
        uint16 uid,
        uint64 nodeId,
        EmissionSplit.Parts memory parts,
        Payment calldata payment
    ) private {
        (uint256 owed, uint256 pooled) = _lanes[netuid].removePay(parts, payment, uid);
        if (owed + pooled == 0) return;
        _credit(netuid, nodeId, owed * GWEI, pooled * GWEI);
        emit PayRedirected(netuid, uid, nodeId, owed * GWEI, pooled * GWEI);
    }

    /// @dev Notes no place, so that a settlement after many replacements stays within a transaction: the place that the
    /// node lost is there, unless somebody claimed in between.
    function _credit(uint16 netuid, uint64 nodeId, uint256 owed, uint256 pooled) private {
        if (owed > 0) _credited[netuid][nodeId] += owed;
        if (pooled > 0) _poolCredited[nodeId] += pooled;
    }

    function _claim(uint16 netuid, uint64 nodeId) private returns (uint256 due) {
        due = _credited[netuid][nodeId];
        if (due > 0) _credited[netuid][nodeId] = 0;
        (bool held, uint16 uid) = _placesOf[nodeId].holding(netuid);
        bool forgotten = false;
        if (held) due += _lanes[netuid].clearOwed(uid) * GWEI;
        else forgotten = _placesOf[nodeId].forget(netuid);
        if (due == 0 && !forgotten) return 0;
        address owner = vault.ownerOf(nodeId);
        emit Claimed(netuid, nodeId, owner, due);
        _payOut(netuid, owner, due);
    }

    function _payOut(uint16 netuid, address owner, uint256 amount) private {
        _booksOf[netuid].recordClaim(amount);
        _mint(owner, amount);
    }

    /// @dev Tokens come into being when they are paid out: minting at every settlement would cost it 15,000 gas.
    function _mint(address to, uint256 amount) private {
        IWitanToken(token).mint(to, amount);
    }

    function _bountyCapAt(uint256 time) private view returns (uint256 cap) {
        uint48 since;
        (since, cap) = ValueTrace.unpack(_bountyCap);
        if (time < since) cap = _pastBountyCaps.valueAt(time);
    }

    function _scheduleCap(address token_) private view returns (uint256) {
        return IWitanToken(token_).cap() - IWitanToken(token_).genesisSupply();
    }
}
