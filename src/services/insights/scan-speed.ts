/** AWS publishes no figure: a query reads some hundred MB to some GB a second, more the more it has to read */
export const bytesPerSecond = 500e6
/** a query is scheduled, scans and is polled for: it takes so long at least */
export const leastSeconds = 2
