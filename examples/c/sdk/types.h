// Short names for the contract's types, which mode.h has generated; what each one means is said there.
#pragma once

#include "mode.h"

typedef mode_string_t text_t;
typedef ovs_mode_types_ip_address_t address_t;
typedef ovs_mode_types_ip_net_t net_t;
typedef ovs_mode_types_mac_address_t mac_t;
typedef ovs_mode_types_value_t value_t;
typedef ovs_mode_types_list_attribute_t attributes_t;
typedef ovs_mode_types_subnet_t subnet_t;
typedef ovs_mode_types_network_t network_t;
typedef ovs_mode_types_endpoint_t endpoint_t;
typedef ovs_mode_types_published_port_t published_port_t;
typedef exports_ovs_mode_policy_list_published_port_t published_ports_t;
typedef ovs_mode_types_attachment_t attachment_t;
typedef ovs_mode_types_action_t action_t;
typedef ovs_mode_types_step_t step_t;
typedef ovs_mode_types_plan_t plan_t;
typedef ovs_mode_types_refusal_t refusal_t;
typedef ovs_mode_types_refusal_class_t refusal_class_t;
