import { trackDemand } from '../../src/pool/demand';

describe('The demand for containers', () => {
  it('is zero until a container is asked for again', () => {
    const { demand } = demandAt();

    demand.asked();
    demand.started(300);

    expect(demand.target()).toBe(0);
  });

  it('is one while they are asked for more slowly than they start', () => {
    const { demand, askEvery } = demandAt();

    demand.started(300);
    askEvery(1000, 5);

    expect(demand.target()).toBe(1);
  });

  it('is as many as are asked for while one starts', () => {
    const { demand, askEvery } = demandAt();

    demand.started(300);
    askEvery(100, 5);

    expect(demand.target()).toBe(3);
  });

  it('follows a change of pace', () => {
    const { demand, askEvery } = demandAt();
    demand.started(300);
    askEvery(50, 5);

    askEvery(1000, 10);

    expect(demand.target()).toBe(1);
  });
});

function demandAt() {
  let now = 0;
  const demand = trackDemand(() => now);
  const askEvery = (milliseconds: number, times: number): void => {
    for (let turn = 0; turn < times; turn += 1) {
      demand.asked();
      now += milliseconds;
    }
  };
  return { demand, askEvery };
}
