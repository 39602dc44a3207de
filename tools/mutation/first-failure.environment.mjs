// Comes with Jest: it is the environment that tests run in when nothing else is said.
import { TestEnvironment } from 'jest-environment-node';

/** A mutant is noticed by the first test that fails: those after it in the file are left out. */
export default class FirstFailureEnvironment extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
}
