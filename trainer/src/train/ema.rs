//! An exponential moving average of the weights, which generalises better than the last step's.

use std::collections::HashMap;

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId},
    tensor::Tensor,
};
use speech_emotion::model::Network;

/// The averaged network, without gradients.
#[derive(Debug)]
pub struct Ema {
    network: Network,
    decay: f64,
}

impl Ema {
    /// Starts from `network`'s weights; each step keeps `decay` of the average.
    pub fn new(network: &Network, decay: f64) -> Self {
        Self { network: network.valid(), decay }
    }

    /// Goes on from saved averages.
    pub fn resume(network: Network, decay: f64) -> Self {
        Self { network, decay }
    }

    /// The averaged network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Moves the average towards `network`. In the first steps, numbered from 0, the decay is smaller, so
    /// that the random start is forgotten.
    pub fn update(&mut self, network: &Network, step: usize) {
        let decay = self.decay.min((1.0 + step as f64) / (10.0 + step as f64));
        let mut current = Collector(HashMap::new());
        network.valid().visit(&mut current);
        let mut blender = Blender { current: current.0, decay };
        self.network = self.network.clone().map(&mut blender);
    }
}

/// Every float parameter, flattened, since one map cannot hold several ranks.
struct Collector(HashMap<ParamId, Tensor<1>>);

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let length = tensor.shape().num_elements();
        self.0.insert(param.id, tensor.reshape([length]));
    }
}

struct Blender {
    current: HashMap<ParamId, Tensor<1>>,
    decay: f64,
}

impl ModuleMapper for Blender {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.remove(&param.id) else { return param };
        let decay = self.decay;
        param.map(|average| {
            let current = current.reshape(average.shape());
            average.mul_scalar(decay) + current.mul_scalar(1.0 - decay)
        })
    }
}
