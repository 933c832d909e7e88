// dial.js [options of node.js] MULTIADDR CHECK...
// Connects, and makes each check over that connection:
//
//   identify, ping, echo=BYTES, perf=UP:DOWN, gossip=COUNT,
//   find-peer=PEER, find-providers=HEX, provide=HEX, put=KEY=VALUE, get=KEY
//
// HEX is a multihash. Prints one JSON object a line: of the connection, then of every check.
import { CID } from 'multiformats/cid'
import { decode } from 'multiformats/hashes/digest'
import { multiaddr } from '@multiformats/multiaddr'
import { peerIdFromString } from '@libp2p/peer-id'
import { commandLine, say, startNode } from './node.js'
import { echo, perf } from './protocols.js'

const PINGS = 3
const PAUSE_MILLIS = 100
const RAW = 0x55

const signal = AbortSignal.timeout(45_000)
const options = commandLine()
const [target, ...checks] = options.rest
const address = multiaddr(target)
const node = await startNode(options, { clientMode: true })
const { pubsub } = node.services
const identified = new Promise((resolve) => {
  node.addEventListener('peer:identify', ({ detail }) => resolve(detail))
})
const connection = await node.dial(address, { signal })
say({
  check: 'connect',
  localPeer: node.peerId.toString(),
  remotePeer: connection.remotePeer.toString(),
  security: connection.encryption,
  muxer: connection.multiplexer
})

const CHECKS = {
  async identify () {
    const about = await identified
    return {
      agentVersion: about.agentVersion,
      protocols: about.protocols,
      listenAddresses: about.listenAddrs.map(String),
      observedAddress: about.observedAddr?.toString(),
      signedPeerRecord: about.signedPeerRecord != null
    }
  },

  async ping () {
    const micros = []
    for (let i = 0; i < PINGS; i++) {
      micros.push(await node.services.ping.ping(address, { signal }) * 1e3)
    }
    return { micros }
  },

  async echo (bytes) {
    return { bytes: Number(bytes), equal: await echo(connection, Number(bytes)) }
  },

  async perf (both) {
    const [up, down] = both.split(':').map(Number)
    const start = performance.now()
    await perf(connection, up, down)
    return { up, down, seconds: (performance.now() - start) / 1e3 }
  },

  // Publishes messages, and waits for the answer to each: the same text behind "re: ".
  async gossip (count) {
    const remote = connection.remotePeer.toString()
    const answers = new Set()
    pubsub.addEventListener('message', ({ detail }) => {
      if (detail.from.toString() === remote) {
        answers.add(new TextDecoder().decode(detail.data))
      }
    })
    pubsub.subscribe(options.topic)
    await until(() => pubsub.getSubscribers(options.topic).length > 0)
    for (let i = 0; i < Number(count); i++) {
      // Every other one is beyond what IDONTWANT is sent for.
      const text = `message ${i}${'.'.repeat(i % 2 * 5_000)}`
      await pubsub.publish(options.topic, new TextEncoder().encode(text))
      await until(() => answers.has(`re: ${text}`))
    }
    return { messages: Number(count) }
  },

  async 'find-peer' (peer) {
    const found = await node.peerRouting.findPeer(peerIdFromString(peer), { signal })
    return { addresses: found.multiaddrs.map(String) }
  },

  async 'find-providers' (hex) {
    const providers = []
    for await (const provider of node.contentRouting.findProviders(cid(hex), { signal })) {
      providers.push(provider.id.toString())
    }
    return { providers }
  },

  async provide (hex) {
    await node.contentRouting.provide(cid(hex), { signal })
  },

  async put (pair) {
    const [key, value] = split(pair)
    await node.contentRouting.put(Buffer.from(key), Buffer.from(value), { signal })
  },

  async get (key) {
    const value = await node.contentRouting.get(Buffer.from(key), { signal })
    return { value: Buffer.from(value).toString() }
  }
}

for (const check of checks) {
  const [name, value] = split(check)
  say({ check: name, ...await CHECKS[name](value) })
}
await node.stop()
process.exit(0)

function split (text) {
  const at = text.indexOf('=')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function cid (hex) {
  return CID.createV1(RAW, decode(Buffer.from(hex, 'hex')))
}

async function until (condition) {
  while (!condition()) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS))
  }
}
