(block_mapping_pair key: (_) @name) @property
(flow_pair key: (_) @name) @property
