// js-libp2p 3 expects Promise.withResolvers, which came with Node 22.
Promise.withResolvers ??= function () {
  let resolve
  let reject
  const promise = new this((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
