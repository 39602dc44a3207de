export { networkOf, toClientAddress } from '@orgn/service-kit';
