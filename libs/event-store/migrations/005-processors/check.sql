SELECT name, lane FROM es.lane WHERE lane < 0 OR lane >= lanes;
