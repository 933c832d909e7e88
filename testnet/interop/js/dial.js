// dial.js [--key Ed25519|secp256k1] [--security noise,tls] [--bytes N] MULTIADDR
// Dials a peer, pings it, reads what identify said and sends N bytes through echo; prints all of it
// as one JSON document.
import { createHash, randomBytes } from 'node:crypto'
import { multiaddr } from '@multiformats/multiaddr'
import { startNode, option, ECHO } from './node.js'

const BLOCK = 65536

const address = multiaddr(process.argv.at(-1))
const node = await startNode({
  keyType: option('key', 'Ed25519'),
  security: option('security', 'noise')
})
const identified = new Promise((resolve) => {
  node.addEventListener('peer:identify', (event) => resolve(event.detail))
})
const connection = await node.dial(address)
const roundTrips = []
for (let i = 0; i < 3; i++) {
  roundTrips.push(await node.services.ping.ping(address))
}
const about = await identified
const result = {
  localPeer: node.peerId.toString(),
  remotePeer: connection.remotePeer.toString(),
  encryption: connection.encryption,
  multiplexer: connection.multiplexer,
  pingMillis: roundTrips,
  agentVersion: about.agentVersion,
  protocols: about.protocols,
  listenAddresses: about.listenAddrs.map(String),
  observedAddress: about.observedAddr?.toString(),
  signedPeerRecord: about.signedPeerRecord != null,
  echo: await echo(connection, Number(option('bytes', '0')))
}
await node.stop()
console.log(JSON.stringify(result))
process.exit(0)

async function echo (connection, bytes) {
  if (bytes === 0) {
    return null
  }
  const stream = await connection.newStream(ECHO)
  const sent = createHash('sha256')
  const received = createHash('sha256')
  let count = 0
  const reading = (async () => {
    for await (const chunk of stream) {
      received.update(chunk.subarray())
      count += chunk.byteLength
    }
  })()
  for (let left = bytes; left > 0; left -= BLOCK) {
    const block = randomBytes(Math.min(BLOCK, left))
    sent.update(block)
    if (!stream.send(block)) {
      await stream.onDrain()
    }
  }
  await stream.close()
  await reading
  return { bytes: count, equal: sent.digest('hex') === received.digest('hex') }
}
