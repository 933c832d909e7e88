// kad-dial.js --kad PROTOCOL [--find PEER] [--providers HEX] [--provide HEX] [--get KEY]
//   [--put KEY=VALUE] MULTIADDR
// Joins a DHT through a peer, as a client with an address, does what it is told in this order, and
// prints the answers as one JSON document. HEX is a multihash.
import { CID } from 'multiformats/cid'
import { decode } from 'multiformats/hashes/digest'
import { multiaddr } from '@multiformats/multiaddr'
import { peerIdFromString } from '@libp2p/peer-id'
import { startNode, option } from './node.js'
import { kadServices } from './kad.js'

const RAW = 0x55
const options = { signal: AbortSignal.timeout(30_000) }

const node = await startNode({
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: kadServices(option('kad'), { clientMode: true })
})
const identified = new Promise((resolve) => {
  node.addEventListener('peer:identify', resolve)
})
await node.dial(multiaddr(process.argv.at(-1)))
await identified

const answers = { localPeer: node.peerId.toString() }
await told('find', async (peer) => {
  const found = await node.peerRouting.findPeer(peerIdFromString(peer), options)
  return found.multiaddrs.map(String)
})
await told('providers', async (hex) => {
  const found = []
  for await (const provider of node.contentRouting.findProviders(cid(hex), options)) {
    found.push(provider.id.toString())
  }
  return found
})
await told('provide', (hex) => node.contentRouting.provide(cid(hex), options))
await told('get', async (key) => {
  return Buffer.from(await node.contentRouting.get(Buffer.from(key), options)).toString()
})
await told('put', async (pair) => {
  const [key, value] = pair.split('=')
  await node.contentRouting.put(Buffer.from(key), Buffer.from(value), options)
})
console.log(JSON.stringify(answers))
await node.stop()
process.exit(0)

async function told (name, action) {
  const value = option(name)
  if (value != null) {
    answers[name] = (await action(value)) ?? true
  }
}

function cid (hex) {
  return CID.createV1(RAW, decode(Buffer.from(hex, 'hex')))
}
