SELECT seal_no FROM es.seal WHERE to_position < from_position;
