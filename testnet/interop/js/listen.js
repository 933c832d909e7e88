// listen.js [--key Ed25519|secp256k1] [--security noise,tls] [--kad PROTOCOL]
// Serves identify, ping and echo, and with --kad a DHT in server mode; prints its addresses, one a
// line, then `ready`, and runs until stdin ends.
import { startNode, serveEcho, option } from './node.js'

const kad = option('kad')
const node = await startNode({
  keyType: option('key', 'Ed25519'),
  security: option('security', 'noise'),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: kad == null ? {} : (await import('./kad.js')).kadServices(kad)
})
await serveEcho(node)
for (const address of node.getMultiaddrs()) {
  console.log(address.toString())
}
console.log('ready')
process.stdin.resume()
process.stdin.on('end', async () => {
  await node.stop()
  process.exit(0)
})
