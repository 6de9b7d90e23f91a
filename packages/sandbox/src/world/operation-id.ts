/** The name of an operation in the contract, such as `listBorrowerPhones`. */
import type { operations } from '@recoveryconnect/spec'

export type OperationId = keyof operations
