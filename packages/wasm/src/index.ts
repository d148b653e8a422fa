export type { BackendInfo } from './backend-info.js';
export { startBackend, type StartBackendOptions } from './start-backend.js';
